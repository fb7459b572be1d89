// Python and the program, beside the page: a long show must not hold what one types. Nothing leaves the browser.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const asked = [];
let look = null;

async function begin() {
  const python = await loadPyodide({ indexURL: new URL("./pyodide/", import.meta.url).href });
  const [program, page] = await Promise.all([
    fetch(new URL("./showrunner.zip", import.meta.url)).then((answer) => answer.arrayBuffer()),
    fetch(new URL("./in_page.py", import.meta.url)).then((answer) => answer.text()),
  ]);
  python.FS.mkdirTree("/program");
  python.unpackArchive(program, "zip", { extractDir: "/program" });
  python.runPython("import sys; sys.path.insert(0, '/program')");
  python.runPython(page);
  look = python.globals.get("look");
  postMessage({ ready: true });
  asked.splice(0).slice(-1).forEach(answer);
}

function answer({ id, text }) {
  try {
    postMessage({ id, ...JSON.parse(look(text)) });
  } catch (error) {
    postMessage({ id, broken: String(error.message ?? error).slice(-600) });
  }
}

onmessage = ({ data }) => (look === null ? asked.push(data) : answer(data));
begin().catch((error) => postMessage({ broken: `Python could not be started here: ${error.message ?? error}` }));
