"""A Hugging Face Hub on loopback: one repository at one commit, the two endpoints that the client calls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class FakeHub:
    """`files` are served; `large` are those kept in Git LFS. `served` may differ, as on a broken mirror."""

    repo: str
    revision: str
    files: dict[str, bytes]
    large: set[str] = field(default_factory=set)
    licence: str = "apache-2.0"
    served: dict[str, bytes] = field(default_factory=dict)

    def info(self) -> dict[str, object]:
        """What `/api/models/…` answers."""
        siblings = [self._sibling(name, content) for name, content in self.files.items()]
        card = {"license": self.licence}
        return {"id": self.repo, "sha": self.revision, "siblings": siblings, "cardData": card, "tags": []}

    def _sibling(self, name: str, content: bytes) -> dict[str, object]:
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        entry: dict[str, object] = {"rfilename": name, "size": len(content), "blobId": blob}
        if name in self.large:
            entry["lfs"] = {"sha256": sha256(content), "size": len(content), "pointerSize": 130}
        return entry


def sha256(content: bytes) -> str:
    """Hex digest."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def serving(hub: FakeHub) -> Iterator[str]:
    """Serve the hub on a free loopback port; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            path = self.path.split("?")[0]
            if path == f"/api/models/{hub.repo}/revision/{hub.revision}":
                return self._send(json.dumps(hub.info()).encode(), with_body=with_body)
            prefix = f"/{hub.repo}/resolve/{hub.revision}/"
            name = path.removeprefix(prefix)
            if path.startswith(prefix) and name in hub.files:
                return self._send(hub.served.get(name, hub.files[name]), with_body=with_body)
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.end_headers()
            return None

        def _send(self, body: bytes, *, with_body: bool) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Repo-Commit", hub.revision)
            self.send_header("ETag", f'"{sha256(body)}"')
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
