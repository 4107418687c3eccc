"""The chain, the tree and the signed checkpoint, against published vectors and one edit at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from daemon.adapters.keys import check_signature
from daemon.model.audit_chain import MAX_LINE_BYTES, AuditEvent, ChainHead, Link, parse_line
from daemon.model.audit_proof import verify_lines
from daemon.model.merkle import Frontier
from daemon.model.signed_note import Checkpoint, NoteKey, open_checkpoint, sign_checkpoint

NOW = datetime(2026, 11, 21, 9, 15, 0, 123456, tzinfo=UTC)
# The leaves and roots that the certificate-transparency project's own tests use for RFC 6962 2.1.
CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def trail(count: int) -> list[bytes]:
    head = ChainHead()
    return [head.append(AuditEvent("claimed", f"claim:{n}", NOW, "abc", {"bytes": n})) + b"\n" for n in range(count)]


def checkpoint_over(lines: list[bytes]) -> Checkpoint:
    tree = Frontier()
    for line in lines:
        tree.append(line[:-1])
    return Checkpoint("test", tree.size, tree.root())


def test_the_tree_gives_the_published_roots() -> None:
    tree = Frontier()
    assert tree.root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    roots = []
    for leaf in CT_LEAVES:
        tree.append(bytes.fromhex(leaf))
        roots.append(tree.root().hex())
    assert roots == CT_ROOTS


def test_a_frontier_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="frontier"):
        Frontier(3, [b"x" * 32])


def test_a_line_is_canonical_json_with_milliseconds_in_utc() -> None:
    here = NOW.astimezone(timezone(timedelta(hours=-5)))
    line = ChainHead().append(AuditEvent("claimed", "claim:1", here, "abc", {"sha": "ff", "bytes": 3}))
    assert line.startswith(b'{"event":"claimed","facts":{"bytes":3,"sha":"ff"},"hash":"')
    assert line.endswith(
        b'"job":"abc","key":"claim:1","prev":"' + b"0" * 64 + b'","seq":0,"time":"2026-11-21T09:15:00.123Z"}'
    )
    link = parse_line(line)
    assert isinstance(link, Link)
    assert link.event.time == NOW.replace(microsecond=123000)


def test_the_longest_line_fits_the_limit() -> None:
    facts = {f"f{n:02d}{'x' * 29}": "v" * 128 for n in range(32)}
    line = ChainHead().append(AuditEvent("e" * 64, "k" * 128, NOW, "j" * 128, facts))
    assert len(line) < MAX_LINE_BYTES
    assert parse_line(line) is not None


def rewritten(lines: list[bytes]) -> list[bytes]:
    """A whole new chain with another fact in it: only a checkpoint tells."""
    head = ChainHead()
    return [
        head.append(AuditEvent("claimed", f"claim:{n}", NOW, "abc", {"bytes": n + (n == 2)})) + b"\n"
        for n in range(len(lines))
    ]


def again(lines: list[bytes]) -> bytes:
    head = ChainHead()
    for line in lines:
        assert not isinstance(head.accept(line[:-1]), str)
    return head.append(AuditEvent("claimed", "claim:0", NOW)) + b"\n"


def spliced() -> bytes:
    """A line of another trail with the right number."""
    head = ChainHead()
    return [head.append(AuditEvent("other", f"other:{n}", NOW)) for n in range(6)][-1] + b"\n"


@pytest.mark.parametrize(
    ("code", "line", "edit"),
    [
        ("line-malformed", 3, lambda lines: [*lines[:2], lines[2].replace(b'"job"', b'"jab"'), *lines[3:]]),
        ("line-malformed", 3, lambda lines: [*lines[:2], lines[2].replace(b",", b", ", 1), *lines[3:]]),
        ("line-malformed", 3, lambda lines: [*lines[:2], b"\xff\n", *lines[3:]]),
        ("hash-mismatch", 3, lambda lines: [*lines[:2], lines[2].replace(b'"bytes":2', b'"bytes":7'), *lines[3:]]),
        ("sequence-gap", 3, lambda lines: [*lines[:2], *lines[3:]]),
        ("sequence-gap", 3, lambda lines: [*lines[:2], lines[3], lines[2], lines[4]]),
        ("tail-torn", 5, lambda lines: [*lines[:4], lines[4][:-9]]),
        ("checkpoint-beyond-end", 5, lambda lines: lines[:4]),
        ("checkpoint-root", None, rewritten),
        ("key-repeated", 6, lambda lines: [*lines, again(lines)]),
        ("chain-broken", 6, lambda lines: [*lines, spliced()]),
        ("line-malformed", 6, lambda lines: [*lines, b"x" * MAX_LINE_BYTES]),
    ],
)
def test_each_kind_of_edit_has_its_code_and_line(code, line, edit) -> None:  # type: ignore[no-untyped-def]  # parametrized
    lines = trail(5)
    report = verify_lines(edit(lines), checkpoint_over(lines))
    assert (report.code, report.line, report.ok) == (code, line, False)


def test_an_unedited_trail_verifies_also_past_its_checkpoint() -> None:
    lines = trail(9)
    report = verify_lines(lines, checkpoint_over(lines[:5]))
    assert (report.ok, report.lines, report.checkpoint_lines) == (True, 9, 5)
    assert report.root == checkpoint_over(lines).root.hex()


def test_an_empty_trail_verifies_against_an_empty_checkpoint() -> None:
    assert verify_lines([], Checkpoint("test", 0, Frontier().root())).ok


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "Zebulon Quatermass"},
        {"name": "x" * 129},
        {"n": 2**53},
        {"n": True},
        {"Name": "x"},
        {"a": "x\n"},
        {"a": "é"},
    ],
)
def test_facts_that_could_carry_text_are_refused(facts: dict[str, str | int]) -> None:
    with pytest.raises(ValueError, match="facts"):
        AuditEvent("claimed", "claim:1", NOW, "abc", facts)


@pytest.mark.parametrize(
    ("event", "key", "job"),
    [
        ("Claimed", "k", "j"),
        ("a b", "k", "j"),
        ("claimed", "", "j"),
        ("claimed", "a b", "j"),
        ("claimed", "k", "J. Doe"),
    ],
)
def test_codes_keys_and_jobs_are_ids(event: str, key: str, job: str) -> None:
    with pytest.raises(ValueError, match="audit event"):
        AuditEvent(event, key, NOW, job)


def test_the_time_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        AuditEvent("claimed", "k", NOW.replace(tzinfo=None))


# -- checkpoints: the vector is that of Go's golang.org/x/mod/sumdb/note documentation -----------------------------------
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_key_ids_and_signatures_are_those_of_other_implementations() -> None:
    key = NoteKey.parse(VKEY)
    assert (key.name, key.key_id.hex(), str(key)) == ("PeterNeumann", "c74f20a3", VKEY)
    signed: list[bytes] = []

    def check(public_key: bytes, signature: bytes, message: bytes) -> bool:
        signed.append(message)
        return check_signature(public_key, signature, message)

    assert open_checkpoint(NOTE, key, check) is None  # signed, yet no checkpoint
    text = NOTE.rpartition("\n\n")[0].encode() + b"\n"
    assert signed == [text]
    assert check_signature(key.public_key, _signature(NOTE), text)


def _signature(note: str) -> bytes:
    from base64 import b64decode

    return b64decode(note.rsplit(maxsplit=1)[-1])[4:]


@pytest.mark.parametrize("text", ["", "a+b", VKEY.replace("c74f", "c74e"), VKEY[:-4], "a b+c74f20a3+ARpc"])
def test_a_verifier_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        NoteKey.parse(text)


def toy_sign(message: bytes) -> bytes:
    return message[::-1]


def toy_check(_public_key: bytes, signature: bytes, message: bytes) -> bool:
    return signature == message[::-1]


KEY = NoteKey("test/log", b"k" * 32)
GOOD = Checkpoint("test/log", 5, b"r" * 32)


def test_a_checkpoint_comes_back() -> None:
    note = sign_checkpoint(GOOD, KEY, toy_sign)
    assert note.split("\n")[:2] == ["test/log", "5"]
    assert open_checkpoint(note, KEY, toy_check) == GOOD


def test_signatures_of_others_are_ignored() -> None:
    other = sign_checkpoint(GOOD, NoteKey("witness", b"w" * 32), toy_sign).rpartition("\n\n")[2]
    note = sign_checkpoint(GOOD, KEY, toy_sign)
    assert open_checkpoint(note + other, KEY, toy_check) == GOOD
    assert open_checkpoint(GOOD.text() + "\n" + other, KEY, toy_check) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note.replace("\n5\n", "\n6\n"),
        lambda note: note.replace("—", "-"),
        lambda note: note.rstrip("\n"),
        lambda note: note + "\n",
        lambda note: note.partition("\n\n")[0] + "\n",
        lambda note: "",
        lambda note: note + note.rpartition("\n\n")[2].replace("test/log ", "test/log x"),
        lambda note: "x" * 70_000 + note,
    ],
)
def test_a_spoiled_note_is_refused(spoil) -> None:  # type: ignore[no-untyped-def]  # parametrized
    assert open_checkpoint(spoil(sign_checkpoint(GOOD, KEY, toy_sign)), KEY, toy_check) is None


@pytest.mark.parametrize(
    "text",
    [
        "test/log\n05\ncnJy\n",
        "test/log\n5\ncnJy\n",
        "test/log\n5\n",
        "other\n5\n" + GOOD.text().split("\n")[2] + "\n",
        "test/log\n-5\n\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_of_this_log_is_refused(text: str) -> None:
    from base64 import b64encode

    note = f"{text}\n— test/log {b64encode(KEY.key_id + toy_sign(text.encode())).decode()}\n"
    assert open_checkpoint(note, KEY, toy_check) is None


@pytest.mark.parametrize(
    "facts", [b'"b":2,"a":1', b'"a":1,"a":1', b'"a":01', b'"a":-0', b'"a":"x\\u0041"', b'"a":1,', b'"a":true']
)
def test_there_is_one_spelling_of_a_line(facts: bytes) -> None:
    line = ChainHead().append(AuditEvent("read", "read:1", NOW, facts={"a": 1, "b": 2}))
    assert parse_line(line) is not None
    assert parse_line(line.replace(b'"a":1,"b":2', facts)) is None
