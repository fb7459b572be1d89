"""`showrunner lsp --ws`: an editor in a page, which has to show the operator's token."""

import json
import os
import subprocess
import sys

import pytest
import websocket

PROGRAM = [sys.executable, "-c", "from showrunner.cli import main; main()", "lsp"]


def test_an_editor_in_a_page_speaks_by_web_socket_if_it_shows_the_token(tmp_path):
    here = {**os.environ, "SHOWRUNNER_STATE": str(tmp_path)}
    with subprocess.Popen([*PROGRAM, "--ws", "0"], stdout=subprocess.PIPE, env=here, text=True) as server:
        try:
            address = server.stdout.readline().strip()
            open_, _, token = address.partition("?token=")
            for refused in (open_, f"{open_}?token=x{token[1:]}x"):
                with pytest.raises(websocket.WebSocketException):
                    websocket.create_connection(refused, timeout=20)
            with pytest.raises(websocket.WebSocketException):
                websocket.create_connection(address, timeout=20, origin="http://example.org")
            page = websocket.create_connection(address, timeout=20, origin="http://localhost:8765")
            page.send("no json")
            asked = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
            page.send(json.dumps(asked))
            assert json.loads(page.recv())["result"]["serverInfo"]["name"] == "showrunner"
            text = {"uri": "untitled:one", "languageId": "show", "version": 1, "text": "at 1s  lgo 'x'"}
            page.send(
                json.dumps({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": text}})
            )
            told = json.loads(page.recv())["params"]
            assert [one["code"] for one in told["diagnostics"]] == ["E160"]
            page.close()
        finally:
            server.terminate()
