"""The stop that cuts AITuberKit's sound: its HTTP control, since no message of its WebSocket does.

Source: ``POST /api/v1/stop/`` of AITuberKit 2.74, observed to cut within 0.1 s; the slash at the end is needed.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

_PATIENCE = 2.0


def stop(api: Mapping[str, Any], environment: Mapping[str, str]) -> str | None:
    """Ask AITuberKit to stop what sounds and what waits; give what went wrong, in plain words, if anything.

    ``api`` is that key of the stage file: ``url``, ``client``, and ``key-env``, the name of the variable in
    ``environment`` that holds the key. Blocks for two seconds at most: call it in a thread.
    """
    url = f"{str(api.get('url', '')).rstrip('/')}/api/v1/stop/"
    if not url.startswith(("http://", "https://")):
        return f"`api: url` is no http address: {api.get('url')}"
    headers = {"Content-Type": "application/json"}
    key = environment.get(str(api.get("key-env", "")))
    if key:
        headers["Authorization"] = f"Bearer {key}"
    body = json.dumps({"clientId": str(api.get("client", "")), "mode": "all"}).encode()
    asking = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 - the scheme was looked at
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(asking, timeout=_PATIENCE):
            return None
    except urllib.error.HTTPError as refusal:
        with refusal:
            return _REFUSALS.get(refusal.code, f"AITuberKit refused the stop (HTTP {refusal.code})")
    except (OSError, ValueError):
        return f"AITuberKit did not answer at {url}"


_REFUSALS = {
    401: "AITuberKit refused the stop: the key is not the one in its AITUBERKIT_API_KEY",
    503: "AITuberKit refused the stop: it has no key (AITUBERKIT_API_KEY in its environment)",
}
