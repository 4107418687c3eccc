"""Claim: which job an item becomes, when it is a second copy, and what is written of it where."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest

from daemon.adapters import age
from daemon.adapters.inbox.files import PickedFiles
from daemon.adapters.keys import Keys, init_keys
from daemon.adapters.vault.age_vault import AgeVault
from daemon.model.job import InboxItem, JobState
from daemon.steps.claim import Claimed, claim
from tests.fakes.practice import Practice
from tests.fakes.vault import FakeVault

CANARY = "Zebulon Quatermass"
MARK = FakeVault.AGE_MARK


@pytest.fixture
def office() -> Practice:
    return Practice()


def test_an_item_becomes_a_waiting_job_and_leaves(office: Practice) -> None:
    office.inbox.put("memo.m4a", b"voice")
    (claimed,) = office.claim_all()
    row = office.only()
    assert claimed == Claimed(row.id, duplicate=False)
    assert (row.state, row.document, row.sources, row.revision) == ("waiting", "soap", ("recording",), 1)
    assert office.queue.jobs == {(row.id, 1): row.manifest}
    assert office.inbox.files == {}
    assert office.outbox.files == {}
    manifest = office.manifest(row)
    (source,) = manifest.sources
    assert (manifest.job, manifest.stem, manifest.code, manifest.deliver_to) == (row.id, "memo", "", "")
    assert (source.source.id, source.source.kind, source.untrusted_name) == ("s1", "recording", "memo.m4a")
    assert office.vault.open(source.blob) == b"voice"
    assert office.facts("item-claimed") == [{"document": "soap", "files": 1, "bytes": 5}]


@pytest.mark.parametrize(
    ("path", "document", "sources"),
    [
        ("memo.m4a", "soap", ("recording",)),
        ("form.pdf", "intake", ("scan",)),
        ("intake/memo.m4a", "intake", ("recording",)),
        ("soap/form.pdf", "soap", ("scan",)),
        ("memo.m4a.age", "soap", ("recording",)),
        ("FORM.TIF.AGE", "intake", ("scan",)),
    ],
)
def test_the_folder_chooses_the_document_and_the_root_the_kind(
    office: Practice, path: str, document: str, sources: tuple[str, ...]
) -> None:
    office.inbox.put(path, MARK + b"x" if path.lower().endswith(".age") else b"x")
    office.claim_all()
    assert (office.only().document, office.only().sources) == (document, sources)


@pytest.mark.parametrize("code", ["media-empty", "media-unsupported"])
def test_what_cannot_be_a_source_is_a_job_that_says_so(office: Practice, code: str) -> None:
    office.inbox.put("letter.docx", b"", code=code)
    office.claim_all()
    row = office.only()
    assert office.manifest(row).code == code
    assert (row.sources, row.document) == ((), "")
    assert office.queue.jobs
    assert office.inbox.files == {}


def test_a_file_beyond_the_limit_is_kept_and_never_read(office: Practice) -> None:
    office.wrap(max_bytes=4)
    office.inbox.put("long.m4a", b"voice")
    office.inbox.put("memo.m4a", b"word")
    codes = {
        claimed.job: office.manifest(row).code
        for claimed in office.claim_all()
        if isinstance(claimed, Claimed)
        for row in office.board.find(claimed.job)
    }
    assert sorted(codes.values()) == ["", "media-too-large"]
    assert b"voice" in office.vault.blobs.values()
    assert office.inbox.files == {}


def test_the_same_content_under_a_better_name_is_another_job(office: Practice) -> None:
    office.inbox.put("memo.xyz", b"voice", code="media-unsupported")
    office.inbox.put("memo.m4a", b"voice")
    office.claim_all()
    assert len(office.board.rows()) == 2


@pytest.mark.parametrize("other", ["soap/memo.m4a", "intake/memo.m4a"])
def test_the_same_content_asked_for_as_another_document_is_another_job(office: Practice, other: str) -> None:
    office.inbox.put("memo.m4a", b"voice")
    office.inbox.put(other, b"voice")
    office.claim_all()
    assert len(office.board.rows()) == 2
    assert office.facts("item-duplicate") == []


@pytest.mark.parametrize("name", ["memo.m4a", "other.m4a", "memo.m4a.age"])
@pytest.mark.parametrize("state", ["delivered", "attention", "reading", "waiting"])
def test_a_second_copy_is_no_second_job_and_does_not_vanish_without_a_word(
    office: Practice, name: str, state: JobState
) -> None:
    office.inbox.put("memo.m4a", b"voice")
    office.claim_all()
    row = office.only()
    office.board.set_state(row.id, state, code="media-truncated" if state == "attention" else "")
    office.inbox.put(name, MARK + b"voice" if name.endswith(".age") else b"voice")
    assert office.claim_all() == [Claimed(row.id, duplicate=True)]
    assert office.only().id == row.id
    assert len(office.queue.jobs) == 1
    assert office.inbox.files == {}
    assert len(office.facts("item-duplicate")) == len(office.facts("item-claimed")) == 1
    stem, short = name.split(".", maxsplit=1)[0], office.manifest(row).short
    said = "COULD NOT DRAFT" if state == "attention" else "ALREADY DRAFTED"
    draft_will_say = state in {"reading", "waiting"} and stem == office.manifest(row).stem
    assert office.outbox.names() == (set() if draft_will_say else {f"{stem} - {said} - {short}.txt"})
    if state == "attention":
        assert list(office.outbox.files.values()) == ["media-truncated"]


def test_twins_in_both_normal_forms(office: Practice) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Müller.m4a") for form in ("NFC", "NFD"))
    office.inbox.put(composed, b"one")
    office.inbox.put(decomposed, b"two")
    office.claim_all()
    assert len(office.board.rows()) == 2
    assert {office.manifest(row).stem for row in office.board.rows()} == {composed.removesuffix(".m4a")}
    for row in office.board.rows():
        office.board.set_state(row.id, "delivered")
    office.inbox.put(composed, b"one")
    office.inbox.put(decomposed, b"one")
    office.claim_all()
    assert len(office.board.rows()) == 2
    assert len(office.outbox.names()) == 1


def test_short_ids_stay_unique_and_begin_the_id(office: Practice) -> None:
    class Crowded(FakeVault):
        """Ids that differ late."""

        def content_id(self, document: str, sha256: object) -> str:
            return f"aaaa{'abc'[self.asked % 3]}{super().content_id(document, sha256)}"  # type: ignore[arg-type]  # as given

        asked = 0

    office.vault = Crowded()
    office.wrap(vault=office.vault)
    shorts: list[str] = []
    for number in range(30):
        office.vault.asked = number
        office.inbox.put(f"{number}.m4a", b"%d" % number)
        ((claimed),) = office.claim_all()
        assert isinstance(claimed, Claimed)
        row = office.board.get(claimed.job)
        assert row is not None
        shorts.append(office.manifest(row).short)
        assert row.id.startswith(shorts[-1])
    assert len(set(shorts)) == 30
    assert shorts[0] == "aaaa"


def test_nothing_but_the_vault_knows_a_name_or_a_content(office: Practice) -> None:
    office.inbox.put(f"{CANARY}.m4a", CANARY.encode())
    office.inbox.put(f"{CANARY}.xyz", CANARY.encode(), code="media-unsupported")
    office.claim_all()
    elsewhere = repr((office.board.rows(), office.queue.jobs, list(office.audit.events.values())))
    assert not any(word in elsewhere for word in CANARY.split())
    assert CANARY.encode() in b"".join(office.vault.blobs.values())


def test_files_of_one_item_are_one_job_in_their_order(office: Practice) -> None:
    parts = tuple(office.inbox.put(name, name.encode()) for name in ("memo.m4a", "form.pdf"))
    office.inbox.put("stranger.m4a", b"x")
    claimed = claim(InboxItem("Visit", "soap", parts), office.inbox, office.ports, deliver_to="/to")
    row = office.only()
    assert (row.id, row.sources) == (claimed.job, ("recording", "scan"))
    manifest = office.manifest(row)
    assert [source.source.id for source in manifest.sources] == ["s1", "s2"]
    assert (manifest.stem, manifest.deliver_to) == ("Visit", "/to")
    assert set(office.inbox.files) == {"stranger.m4a"}
    assert office.facts("item-claimed") == [{"document": "soap", "files": 2, "bytes": 16}]


def test_what_is_wrong_with_one_file_of_several_is_said_of_that_one(office: Practice) -> None:
    office.wrap(max_bytes=10)
    given = {"memo.m4a": b"voice", "notes.docx": b"PK", "blank.pdf": b"", "long.mp3": b"x" * 11, "x.pdf.age": b"else's"}
    parts = tuple(office.inbox.put(name, data) for name, data in given.items())
    claim(InboxItem("Visit", "soap", parts), office.inbox, office.ports)
    manifest = office.manifest(office.only())
    assert manifest.code == ""
    assert [source.code for source in manifest.sources] == [
        "", "media-unsupported", "media-empty", "media-too-large", "seal-unreadable"
    ]  # fmt: skip
    assert office.only().sources == ("recording",)
    assert office.inbox.files == {}
    assert sorted(office.vault.open(source.blob) for source in manifest.sources) == sorted(given.values())


def test_picked_files_stay_and_are_not_announced(office: Practice, tmp_path: Path) -> None:
    (tmp_path / "memo.m4a").write_bytes(b"voice")
    office.inbox.put("soap/memo.m4a", b"voice")
    office.claim_all()
    office.board.set_state(office.only().id, "delivered")
    item = PickedFiles.item([tmp_path / "memo.m4a"], "soap")
    assert claim(item, PickedFiles(), office.ports, announce=False).duplicate
    assert office.outbox.names() == set()
    assert (tmp_path / "memo.m4a").exists()


# -- files that come sealed, with the real vault ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    home = tmp_path_factory.mktemp("home")
    return init_keys(home / "keys", home / "recovery.txt")


@pytest.fixture
def sealing(office: Practice, keys: Keys, tmp_path: Path) -> Practice:
    office.wrap(vault=AgeVault(tmp_path, keys, office.clock))
    office.vault = office.ports.vault  # type: ignore[assignment]  # the real one in the fake's place
    return office


def sealed(content: bytes, *recipients: str) -> bytes:
    out = io.BytesIO()
    age.encrypt(io.BytesIO(content), out, recipients)
    return out.getvalue()


def test_a_sealed_file_is_the_same_job_as_its_plaintext(sealing: Practice, keys: Keys) -> None:
    sealing.inbox.put("memo.m4a.age", sealed(b"voice", *keys.recipients))
    sealing.inbox.put("memo.m4a", b"voice")
    first, second = sealing.claim_all()
    assert first == Claimed(sealing.only().id, duplicate=False)
    assert second == Claimed(sealing.only().id, duplicate=True)
    (source,) = sealing.manifest(sealing.only()).sources
    assert sealing.ports.vault.open(source.blob) == b"voice"


@pytest.mark.parametrize("what", ["foreign", "cut", "no age file"])
def test_what_cannot_be_unsealed_is_waited_for_then_kept_as_it_is(sealing: Practice, keys: Keys, what: str) -> None:
    content = {
        "foreign": sealed(b"voice", age.generate_identity().recipient),
        "cut": sealed(b"voice" * 50_000, *keys.recipients)[:-70_000],
        "no age file": b"voice",
    }[what]
    sealing.inbox.put("memo.m4a.age", content)
    sealing.inbox.final = False
    assert sealing.claim_all() == ["file-changed"]
    assert sealing.board.rows() == []
    assert set(sealing.inbox.files) == {"memo.m4a.age"}
    sealing.inbox.final = True
    sealing.claim_all()
    manifest = sealing.manifest(sealing.only())
    assert manifest.code == "seal-unreadable"
    assert sealing.ports.vault.open(manifest.sources[0].blob) == content
    assert sealing.inbox.files == {}
    assert sealing.queue.jobs
