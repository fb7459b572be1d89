"""From a key to the findings of a script of 10,000 cues in an editor, over pipes, beside 100 ms: who waits less notices
nothing.

Keys fall one after the other at places drawn by lot: some break a line, some mend it. What is measured is all that an
editor waits for: the change as JSON, the reading, the findings as JSON.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from compile import script
from measure import Row, run, shown, spread

LIMIT = 0.1
PROGRAM = [sys.executable, "-c", "from showrunner.cli import main; main()", "lsp"]


class Editor:
    """An editor with one script, as bare as can be."""

    def __init__(self, folder: Path, text: str) -> None:
        self.server = subprocess.Popen(PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.uri, self.version, self.number = (folder / "bench.show").as_uri(), 1, 0
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        self.tell("initialized", {})
        document = {"uri": self.uri, "languageId": "show", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        self.findings()

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.server.stdin is not None
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.server.stdin.flush()

    def _next(self) -> dict[str, Any]:
        assert self.server.stdout is not None
        length = 0
        while (header := self.server.stdout.readline().strip()) or not length:
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        found: dict[str, Any] = json.loads(self.server.stdout.read(length))
        return found

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        while (answer := self._next()).get("id") != self.number:
            pass
        return answer.get("result")

    def findings(self) -> list[Any]:
        """Wait for those of the text as it is now."""
        while True:
            told = self._next()
            params = told.get("params") or {}
            if told.get("method", "").endswith("publishDiagnostics") and params.get("version") == self.version:
                found: list[Any] = params["diagnostics"]
                return found

    def type(self, line: int, column: int, text: str, over: int = 0) -> None:
        self.version += 1
        where = {"start": {"line": line, "character": column}, "end": {"line": line, "character": column + over}}
        self.tell(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [{"range": where, "text": text}],
            },
        )

    def leave(self) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        self.server.wait()


def keys(quick: bool) -> Iterator[Row]:
    """Break a line and mend it again, at places drawn by lot."""
    cues, count = (1_000, 4) if quick else (10_000, 50)
    text, lot = script(cues), random.Random(1)
    lines = text.splitlines()
    with tempfile.TemporaryDirectory() as folder:
        editor = Editor(Path(folder), text)
        took: list[float] = []
        for _ in range(count):
            line = lot.randrange(cues)
            column = lines[line].index("emote") + 2
            for typed, over, many in (("x", 0, 1), ("", 1, 0)):
                began = time.perf_counter()
                editor.type(line, column, typed, over)
                found = editor.findings()
                took.append(time.perf_counter() - began)
                assert len(found) == many, found
        editor.leave()
    ratios = tuple(one / LIMIT for one in took)
    detail = (f"{cues:,} cues, {len(text) / 1e6:.1f} MB: {spread(took, 'ms', 1000)}",)
    yield Row("findings after a key", shown(took), "100 ms", ratios, 1, detail=detail)


PARTS = {"keys": keys}

if __name__ == "__main__":
    run(PARTS, __doc__)
