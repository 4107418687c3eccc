"""The whole way with the real engines: memos and forms in, marked drafts out, nothing in the clear behind them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pytest

from tests.e2e.product import ASSETS, SAMPLES, Product

pytestmark = pytest.mark.engines
CANARY = "Zebulon Quatermass"
FAILING = {  # asset → what the note must say
    "silence.m4a": "No speech was found",
    "truncated.m4a": "incomplete or damaged",
    "ffconcat.m4a": "not what its name says",
    "locked.pdf": "password",
    "blank.png": "Nothing could be read",
    "bomb.png": "larger than the limit",
    "huge-page.pdf": "larger than the limit",
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """One home through which everything went: two samples, two canaries, and every way to fail."""
    made = Product(tmp_path_factory.mktemp("home"))
    shutil.copy(SAMPLES / "visit-memo.m4a", made.inbox)
    shutil.copy(SAMPLES / "intake-form.png", made.inbox)
    shutil.copy(ASSETS / "canary-memo.m4a", made.inbox / f"{CANARY} memo.m4a")
    shutil.copy(ASSETS / "canary-form.png", made.inbox / f"{CANARY} form.png")
    for name in FAILING:
        shutil.copy(ASSETS / name, made.inbox / f"{CANARY} {name}")
    (made.inbox / f"{CANARY} letter.docx").write_bytes(b"PK")
    (made.inbox / f"{CANARY} nothing.m4a").write_bytes(b"")
    made.once = made.run("run", "--once", timeout=280)  # type: ignore[attr-defined]
    return made


def job_of(product: Product, stem: str) -> str:
    (path,) = [path for path in product.delivered(".html") if path.name.startswith(stem)]
    return path.stem.rpartition(" - ")[2]


def section_texts(product: Product, stem: str) -> dict[str, str]:
    draft = product.json("open", job_of(product, stem))
    return {section["key"]: " ".join(s["text"] for s in section["statements"]).lower() for section in draft["sections"]}


def test_it_ends_saying_that_some_items_need_attention(product: Product) -> None:
    assert product.once.returncode == 3  # type: ignore[attr-defined]
    states = [job["state"] for job in product.jobs()]
    assert states.count("delivered") == 4
    assert states.count("attention") == len(FAILING) + 2
    assert not [
        path for path in product.inbox.iterdir() if path.is_file() and path.name not in {"RECIPIENT.txt", "README.txt"}
    ]


def test_the_memos_words_stand_in_their_soap_sections(product: Product) -> None:
    sections = section_texts(product, "visit-memo")
    assert "burning feeling in both feet" in sections["subjective"]
    assert "allergic to penicillin" in sections["subjective"]
    assert any(pressure in sections["objective"] for pressure in ("148 over 92", "148/92"))
    assert "early neuropathy" in sections["assessment"]
    assert "increase metformin to 1000" in sections["plan"]
    assert any(time in sections["plan"] for time in ("six weeks", "6 weeks"))


def test_the_forms_answers_stand_in_their_sections(product: Product) -> None:
    sections = section_texts(product, "intake-form")
    text = " ".join(sections.values())
    for answer in ("eleanor whitcombe", "metformin", "500 mg", "penicillin", "hives", "knee pain", "gallbladder"):
        assert answer in text
    assert "emergency contact" in next(value for key, value in sections.items() if "blank" in key)
    assert "could not be read" in next(value for key, value in sections.items() if "read" in key)


def test_what_was_written_by_hand_is_flagged_with_its_picture_and_is_nowhere_in_the_clear(product: Product) -> None:
    (path,) = [path for path in product.delivered(".html") if path.name.startswith("intake-form")]
    page = path.read_text()
    draft = product.json("open", job_of(product, "intake-form"))
    hands = {passage["text"]: passage for passage in draft["passages"] if "hand" in passage}
    for text in (
        "Name: Eleanor Whitcombe",
        "Reason for visit: Knee pain and swelling, both knees, 3 months",
        "Penicillin | hives",
    ):
        assert f"data:image/png;base64,{hands[text]['cutout']}" in page
    assert not {"Emergency contact:", "NEW PATIENT INTAKE FORM", "[X] Diabetes"} & hands.keys()
    (signature,) = [passage for text, passage in hands.items() if text.startswith("Patient signature:")]
    cited = [s for section in draft["sections"] for s in section["statements"] if signature["id"] in s["evidence"]]
    assert cited
    assert page.count("handwritten<span>, read it yourself</span>") > len(hands)
    inside = [path for path in product.root.rglob("*") if path.is_file() and product.outbox not in path.parents]
    assert inside
    assert not [path for path in inside if b"iVBORw0KGgo" in (data := path.read_bytes()) or b"\x89PNG\r\n" in data]
    assert b"iVBORw0KGgo" not in product.heard


def test_every_statement_cites_passages_that_exist(product: Product) -> None:
    for stem in ("visit-memo", "intake-form"):
        draft = product.json("open", job_of(product, stem))
        known = {passage["id"] for passage in draft["passages"]}
        cited = [s["evidence"] for section in draft["sections"] for s in section["statements"] if s["evidence"]]
        assert cited
        assert all(set(evidence) <= known for evidence in cited)
        assert draft["status"] == "UNREVIEWED"


def test_the_mark_stands_in_name_header_footer_and_metadata(product: Product) -> None:
    assert len(product.delivered(".docx")) == len(product.delivered(".html")) == 4
    for path in product.delivered(".docx"):
        assert " - UNREVIEWED - " in path.name
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
            marked = {name for name in parts.namelist() if b"UNREVIEWED" in parts.read(name)}
        assert "docProps/core.xml" in marked
        assert any(re.fullmatch(r"word/header\d*\.xml", name) for name in marked)
        assert any(re.fullmatch(r"word/footer\d*\.xml", name) for name in marked)
    for path in product.delivered(".html"):
        page = path.read_text()
        assert "UNREVIEWED" in page.partition("</title>")[0]
        assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", page)


@pytest.mark.parametrize("name", [*FAILING])
def test_what_cannot_be_drafted_is_a_plain_note(product: Product, name: str) -> None:
    stem = f"{CANARY} {Path(name).stem}"
    (note,) = [path for path in product.delivered(".txt") if path.name.startswith(f"{stem} - COULD NOT DRAFT - ")]
    assert FAILING[name] in " ".join(note.read_text(encoding="utf-8-sig").split())


def test_the_canary_is_nowhere_in_the_clear(product: Product) -> None:
    drafted = product.json("open", job_of(product, f"{CANARY} form"))
    assert CANARY.split(maxsplit=1)[0] in str(drafted)  # it was read, so it could have leaked
    forms = {form for word in CANARY.split() for form in _spellings(word)}
    for path, content in product.everything_at_rest().items():
        for form in forms:
            assert form not in content, path


def _spellings(word: str) -> set[bytes]:
    cased = {word, word.lower(), word.upper(), unicodedata.normalize("NFD", word)}
    return {text.encode(coding) for text in cased for coding in ("utf-8", "utf-16-le")}


@pytest.mark.needs("age")
def test_the_recovery_key_opens_any_blob_without_us(product: Product) -> None:
    blobs = list((product.state / "vault" / "blobs").rglob("*.age"))
    assert len(blobs) > 10

    def opened(blob: Path) -> bytes:
        day = product.state / "vault" / "days" / f"{blob.parent.name}.age"
        command = ["age", "-d", "-i", str(product.root / "recovery.txt"), str(day)]
        key = subprocess.run(command, capture_output=True, check=True).stdout
        return subprocess.run(["age", "-d", "-i", "-", str(blob)], input=key, capture_output=True, check=True).stdout

    assert (SAMPLES / "visit-memo.m4a").read_bytes() in [opened(blob) for blob in blobs]


def test_one_changed_byte_of_the_audit_trail_is_named_by_its_line(product: Product, tmp_path: Path) -> None:
    assert product.run("audit", "verify").returncode == 0
    trail = product.state / "audit" / "trail.jsonl"
    whole = trail.read_bytes()
    lines = whole.split(b"\n")
    place = len(b"\n".join(lines[:4])) + 20
    try:
        trail.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        broken = product.run("audit", "verify")
    finally:
        trail.write_bytes(whole)
    assert broken.returncode == 4
    assert b"line 5" in broken.stdout


def test_what_was_drafted_can_be_opened_again_and_the_opening_is_audited(product: Product) -> None:
    job = job_of(product, "visit-memo")
    assert product.run("open", job, "--source").stdout == (SAMPLES / "visit-memo.m4a").read_bytes()
    assert b"metformin" in product.run("open", job, "--transcript").stdout
    assert b'"event":"opened"' in product.run("audit", "show").stdout.replace(b" ", b"")
