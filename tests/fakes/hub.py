"""A Hugging Face Hub on loopback: one repository at one commit, the two endpoints that the client calls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import BinaryIO


@dataclass
class FakeHub:
    """`files` are served; `large` are those kept in Git LFS. `served` may differ, as on a broken mirror.

    `breaks` holds, for each of the next answers with content, after how many bytes its connection breaks; `hanging` is
    called in place of a break, if it is set, and may wait. `ranges` says whether ranges are known; `asked` are the
    byte positions from which content was asked for. `refuses_ranges` answers each with 416; `elsewhere` is the address that
    content is fetched from in its place; `authorizations` are what was shown to be let in, "" for nothing.
    """

    repo: str
    revision: str
    files: dict[str, bytes]
    large: set[str] = field(default_factory=set)
    licence: str = "apache-2.0"
    served: dict[str, bytes] = field(default_factory=dict)
    breaks: list[int] = field(default_factory=list)
    hanging: Callable[[], object] | None = None
    ranges: bool = True
    asked: list[int] = field(default_factory=list)
    refuses_ranges: bool = False
    elsewhere: str = ""
    authorizations: list[str] = field(default_factory=list)

    def info(self) -> dict[str, object]:
        """What `/api/models/…` answers."""
        siblings = [self._sibling(name, content) for name, content in self.files.items()]
        card = {"license": self.licence}
        return {"id": self.repo, "sha": self.revision, "siblings": siblings, "cardData": card, "tags": []}

    def write_content(self, out: BinaryIO, content: bytes) -> None:
        """All of it, or as far as the next break."""
        if not self.breaks:
            out.write(content)
            return
        out.write(content[: self.breaks.pop(0)])
        out.flush()
        if self.hanging:
            self.hanging()

    def _sibling(self, name: str, content: bytes) -> dict[str, object]:
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        entry: dict[str, object] = {"rfilename": name, "size": len(content), "blobId": blob}
        if name in self.large:
            entry["lfs"] = {"sha256": sha256(content), "size": len(content), "pointerSize": 130}
        return entry


def sha256(content: bytes) -> str:
    """Hex digest."""
    return hashlib.sha256(content).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    hub: FakeHub

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.split("?")[0]
        if path == f"/api/models/{self.hub.repo}/revision/{self.hub.revision}":
            return self._send(json.dumps(self.hub.info()).encode(), with_body=with_body)
        prefix = f"/{self.hub.repo}/resolve/{self.hub.revision}/"
        name = path.removeprefix(prefix)
        if path.startswith(prefix) and name in self.hub.files:
            return self._send_file(self.hub.served.get(name, self.hub.files[name]), with_body=with_body)
        self.send_response(404)
        self.send_header("X-Error-Code", "RepoNotFound")
        self.end_headers()
        return None

    def _send(self, body: bytes, *, with_body: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Repo-Commit", self.hub.revision)
        self.send_header("ETag", f'"{sha256(body)}"')
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _send_file(self, content: bytes, *, with_body: bool) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        self.hub.asked.append(start)
        self.hub.authorizations.append(self.headers.get("Authorization", ""))
        if self.hub.elsewhere or (self.hub.refuses_ranges and start):
            self.send_response(302 if self.hub.elsewhere else 416)
            self.send_header("Location", self.hub.elsewhere + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if not self.hub.ranges:
            start = 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.close_connection = bool(self.hub.breaks)
        if with_body:
            self.hub.write_content(self.wfile, content[start:])

    def log_message(self, *_: object) -> None:
        """Silence."""


@contextmanager
def serving(hub: FakeHub) -> Iterator[str]:
    """Serve the hub on a free loopback port; yields its address.

    A process that downloads imports the library when it may go out. In this one an engine may have imported it before, while it was to
    stay offline, which it then keeps for good.
    """
    from huggingface_hub import constants

    offline, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, False
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        constants.HF_HUB_OFFLINE = offline
        server.shutdown()
        server.server_close()
        thread.join()
