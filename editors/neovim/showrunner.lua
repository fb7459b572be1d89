-- The language server for `.show` files in Neovim 0.11 or later: put this file into `lua/` of your configuration and write
-- `require("showrunner").setup()` into `init.lua`.
local M = {}

-- Starts a rehearsal in a terminal beside the script; what the lens "rehearse from here" asks for.
local function rehearse(command)
  local path, point = vim.uri_to_fname(command.arguments[1]), command.arguments[2]
  local words = { M.program, "rehearse", path, "--doubles", "all" }
  if point ~= nil and point ~= vim.NIL then
    vim.list_extend(words, { "--from", point })
  end
  vim.cmd("botright new")
  vim.fn.jobstart(words, { term = true })
end

-- `options.cmd`: how the server is started, where `showrunner` is not on the path; `options.program`: the program itself.
function M.setup(options)
  options = options or {}
  M.program = options.program or "showrunner"
  vim.filetype.add({ extension = { show = "show" } })
  vim.lsp.commands["showrunner.rehearse"] = rehearse
  vim.lsp.config("showrunner", {
    cmd = options.cmd or { M.program, "lsp" },
    filetypes = { "show" },
    root_markers = { "stage.yaml", "catalogue.yaml", ".git" },
  })
  vim.lsp.enable("showrunner")
  vim.api.nvim_create_autocmd("LspAttach", {
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client ~= nil and client.name == "showrunner" then
        vim.bo[event.buf].commentstring = "# %s"
        vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
        vim.lsp.completion.enable(true, client.id, event.buf, { autotrigger = true })
      end
    end,
  })
end

return M
