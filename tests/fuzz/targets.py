"""What is fuzzed: each target takes any bytes, and only the errors that it declares may come out of it.

`python -m tests.fuzz.run TARGET CORPUS [libFuzzer's options]` runs one; `scripts/fuzz SECONDS` runs all.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from daemon.adapters import age
from daemon.adapters.inbox.container_check import is_whole
from daemon.adapters.reading import engine_process
from daemon.adapters.reading.text_reader import read_text
from daemon.adapters.reading.untrusted_reading import recording_from, scan_from
from daemon.engines import host
from daemon.engines.media_guard import inspect
from daemon.model.audit_chain import make_line, parse_line
from daemon.model.engine_protocol import ProtocolError, read_frame
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from daemon.model.source import RECORDING_SUFFIXES, SCAN_SUFFIXES, Source

LIMITS = Limits()
SUFFIXES = (*sorted(RECORDING_SUFFIXES), *sorted(SCAN_SUFFIXES))
IDENTITY = age.generate_identity()


def media_guard(data: bytes) -> None:
    """The first look at a file in the child."""
    with suppress(PermanentError):
        inspect(SUFFIXES[data[0] % len(SUFFIXES)] if data else "", data[1:], LIMITS)


def container_check(data: bytes) -> None:
    """The first look at a file in the inbox: it runs in the daemon itself."""
    is_whole(io.BytesIO(data[1:]), SUFFIXES[data[0] % len(SUFFIXES)] if data else "")


def protocol(data: bytes) -> None:
    """What a child that was taken over may send; the daemon reads it."""
    stream = io.BytesIO(data)
    with suppress(ProtocolError, RecursionError, PermanentError):
        while (frame := read_frame(stream, engine_process.MAX_REPLY_PAYLOAD_BYTES)) is not None:
            header = frame[0]
            if "progress" in header:
                engine_process._report(header["progress"], None)
                continue
            content = engine_process._parsed(header)
            if isinstance(content, dict):
                _readings(content)


def reading(data: bytes) -> None:
    """The answer alone, as JSON: every byte of the input counts."""
    with suppress(ValueError, RecursionError):
        content = json.loads(data)
        if isinstance(content, dict):
            _readings(content)


def _readings(content: dict[str, object]) -> None:
    for check in (recording_from, scan_from):
        with suppress(PermanentError):
            check(content, "s1", LIMITS)


def request(data: bytes) -> None:
    """What is asked of a child, whatever it is: it answers with a code, and has read the frame to its end."""
    with suppress(ProtocolError, RecursionError):
        frame = read_frame(io.BytesIO(data), 1_000_000)
        if frame is not None and str(frame[0].get("do")) in {"ping", "", "None", "llm", "x"}:
            assert set(host._answer(*frame, 1, lambda _: None)) <= {"ok", "error", "retryable"}


def age_header(data: bytes) -> None:
    """A file that says that it was sealed."""
    with suppress(PermanentError):
        age.decrypt(io.BytesIO(data), io.BytesIO(), IDENTITY, unreadable="seal-unreadable")


def audit_line(data: bytes) -> None:
    """A line of a trail that somebody may have edited: what is taken has one spelling."""
    link = parse_line(data)
    if link is not None:
        assert (
            make_line(link.event, seq=link.seq, prev=link.prev)[0].partition(b'"hash"')[0]
            == data.partition(b'"hash"')[0]
        )


def text(data: bytes) -> None:
    """A text, read in the daemon."""
    with suppress(PermanentError):
        read_text(Source("s1", "text", ""), data)


def planted(data: bytes) -> None:
    """A bug that only a fuzzer that sees branches finds soon: what shows that findings are found."""
    if data[:1] == b"b" and data[1:2] == b"u" and data[2:3] == b"g" and data[3:4] == b"!":
        raise ZeroDivisionError


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (container_check, media_guard, protocol, reading, request, age_header, audit_line, text)
}


def seeds(name: str, folder: Path) -> None:
    """A small corpus to begin with, from the hostile files and from whole ones."""
    for number, data in enumerate(_seeds(name)):
        (folder / f"seed-{number:03}").write_bytes(data[:20_000])


def _seeds(name: str) -> list[bytes]:
    from tests.fakes import hostile_files as h

    if name in {"container_check", "media_guard"}:
        return [bytes([SUFFIXES.index(suffix)]) + h.whole_file(suffix) for suffix in SUFFIXES]
    if name == "age_header":
        return list(h.age_files(IDENTITY.recipient, b"text").values())
    answer = {
        "passages": [{"text": "a", "start": 0, "end": 1.5, "confidence": 1, "words": [["a", 1, 0, 1]]}],
        "seconds": 2.0,
    }
    lines = {
        "pages": 1,
        "ocr": True,
        "lines": [{"text": "a", "page": 1, "box": [0, 0, 1, 1], "confidence": 0.5}],
        "unreadable": [],
    }
    if name == "reading":
        return [json.dumps(each).encode() for each in (answer | {"unreadable": [[0, 1]]}, lines)]
    if name in {"protocol", "request"}:
        headers = [
            {"ok": answer},
            {"ok": lines},
            {"progress": {"done": 1, "total": 2}},
            {"error": "media-empty", "retryable": False},
            {"do": "ping"},
        ]
        return [h.lying_frame(json.dumps(each).encode()) for each in headers]
    return [b"Doctor: How are you?\nPatient: Well.\n", b"# Plan\n\nReturn in **two** weeks.\n"]
