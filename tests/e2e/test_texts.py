"""Texts, derived documents and a practice's own document through the installed product. No engine is needed for any of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.product import QUICK, Product, stop

EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "documents"
THERAPY = "physical-therapy-progress"
NOTE = """Subjective: Ms. Quatermass has had a dry cough for two weeks. She takes lisinopril 10 mg daily.

Objective: BP 142/88. Lungs clear.

Assessment: Cough, likely from lisinopril.

Plan: Stop lisinopril. Start losartan 50 mg once daily.
"""
PROGRESS = """Subjective: She reports pain 3 out of 10 on stairs.
Left knee flexion 105 degrees, quadriceps strength 4 out of 5.
Treatment today: Therapeutic exercise, 3 sets of 10 straight leg raises.
Progress: Short term goal of 100 degrees of flexion is met.
Plan: Continue twice a week for four weeks.
"""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """A home with a document of its own, and three texts in its inbox."""
    root = tmp_path_factory.mktemp("home")
    (root / "documents").mkdir()
    shutil.copy(EXAMPLES / f"{THERAPY}.toml", root / "documents")
    made = Product(root, QUICK + 'documents_dir = "documents"\n')
    for folder, name, text in (
        ("gap-analysis", "visit.txt", NOTE),
        ("Physical therapy progress note", "knee.md", PROGRESS),
        ("", "letter.txt", NOTE),
    ):
        (made.inbox / folder).mkdir(exist_ok=True)
        (made.inbox / folder / name).write_text(text)
    assert made.run("run", "--once").returncode == 3  # the text in the root is for nothing in particular
    return made


def job(product: Product, document: str) -> str:
    (found,) = [each["id"] for each in product.jobs() if each["document"] == document]
    return str(found)


def sections(product: Product, job_id: str) -> dict[str, str]:
    draft = product.json("open", job_id)
    return {section["key"]: " ".join(s["text"] for s in section["statements"]) for section in draft["sections"]}


def test_a_text_in_a_documents_folder_becomes_that_document(product: Product) -> None:
    (page,) = [path for path in product.delivered(".html") if path.name.startswith("visit - ")]
    assert "UNREVIEWED" in page.read_text()
    assert product.json("open", job(product, "gap-analysis"))["routing"]["code"] == "folder"
    transcript = product.run("open", job(product, "gap-analysis"), "--transcript").stdout.decode()
    assert "line 3" in transcript
    assert "Lungs clear." in transcript


def test_a_practices_own_document_is_drafted_from_a_text(product: Product) -> None:
    drafted = sections(product, job(product, THERAPY))
    assert list(drafted) == ["subjective", "measures", "treatment", "progress", "plan"]
    assert "pain 3 out of 10" in drafted["subjective"]
    assert "flexion 105 degrees" in drafted["measures"]
    assert "straight leg raises" in drafted["treatment"]
    assert "flexion is met" in drafted["progress"]
    assert "twice a week" in drafted["plan"]


def test_it_is_listed_as_the_practices_and_shown_whole(product: Product) -> None:
    (listed,) = [line for line in product.run("documents", "list").stdout.decode().splitlines() if THERAPY in line]
    assert f"{THERAPY}.toml" in listed
    shown = product.run("documents", "show", THERAPY).stdout.decode()
    for part in (
        "accepts",
        "recording",
        "“p t progress note”",
        "a note",
        "Treatment given today",
        "“# sets”",
        "“EXAM”",
    ):
        assert part in shown


def test_another_document_of_a_job_is_made_without_reading_again(product: Product, tmp_path: Path) -> None:
    origin, daemon = job(product, "gap-analysis"), product.start()
    try:
        made = product.run("draft", "--from", origin[:8], "--as", "soap", "--to", str(tmp_path))
        assert made.returncode == 0
        assert len(list(tmp_path.glob("visit - SOAP note - UNREVIEWED - *.docx"))) == 1
        again = product.run("draft", "--from", origin, "--as", "soap")
        assert (again.returncode, b"drafted before" in again.stderr) == (0, True)
    finally:
        stop(daemon)
    derived = job(product, "soap")
    assert product.json("open", derived)["routing"]["code"] == "derived"
    trail = product.run("audit", "show").stdout.decode().splitlines()
    assert [origin in line for line in trail if '"item-derived"' in line] == [True]
    assert not [line for line in trail if '"item-read"' in line and derived in line]
    # The same text, given for that document, is the same job.
    text = tmp_path / "again.txt"
    text.write_text(NOTE)
    assert b"drafted before" in product.run("draft", str(text), "--as", "soap").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--from", "JOB"], 2, b"--as"),
        (["--from", "JOB", "--as", "soap", "note.txt"], 2, b"not both"),
        ([], 2, b"--from"),
        (["--from", "JOB", "--as", "intake"], 3, b"document-unsuitable"),
        (["--from", "JOB", "--as", "no-such"], 2, b"document-unknown"),
        (["--from", "zzzz", "--as", "soap"], 2, b"job-unknown"),
        (["--from", "LETTER", "--as", "soap"], 3, b"job-not-ready"),
    ],
)
def test_what_cannot_be_derived_is_refused_with_the_reason(
    product: Product, arguments: list[str], code: int, says: bytes
) -> None:
    names = {"JOB": job(product, "gap-analysis"), "LETTER": job(product, "")}
    refused = product.run("draft", *[names.get(each, each) for each in arguments])
    assert (refused.returncode, says in refused.stderr) == (code, True)
    assert refused.stdout == b""


def test_a_text_that_nobody_said_what_it_is_for_can_be_retried_as_something(product: Product) -> None:
    letter = job(product, "")
    assert product.run("retry", letter, "--as", "soap").returncode == 0
    assert product.json("open", letter)["routing"]["code"] == "command"
    assert sections(product, letter)["plan"].startswith("Stop lisinopril.")


def test_what_could_not_be_drafted_is_said_with_its_code(product: Product, tmp_path: Path) -> None:
    text = tmp_path / "no text.txt"
    text.write_bytes(b"%PDF-1.7")
    failed = product.run("draft", str(text), "--as", "email")
    assert (failed.returncode, failed.stderr.count(b"(media-mismatch)")) == (3, 1)
    assert b"COULD NOT DRAFT" in failed.stdout
    (made,) = [each["id"] for each in product.jobs() if each["code"] == "media-mismatch"]
    retried = product.run("retry", made, "--as", "prior-auth")
    assert (retried.returncode, retried.stderr.count(b"(media-mismatch)")) == (3, 1)


@pytest.mark.parametrize("given", ["the job", "the file"])
def test_a_job_that_was_made_something_else_since_is_made_what_is_asked_for(
    product: Product, tmp_path: Path, given: str
) -> None:
    text, folder = tmp_path / f"{given}.txt", tmp_path / "asked for"
    text.write_text(f"{NOTE}\nSeen about {given}.\n")
    folder.mkdir()
    assert product.run("draft", str(text), "--as", "email").returncode == 0
    (made,) = [each["id"] for each in product.jobs() if each["document"] == "email"]
    assert product.run("retry", made, "--as", "soap").returncode == 0
    what = ["--from", made] if given == "the job" else [str(text)]
    done = product.run("draft", *what, "--as", "email", "--to", str(folder))
    assert (done.returncode, b"drafted before" in done.stderr) == (0, False)
    assert [path.name.partition(" - UNREVIEWED")[0] for path in sorted(folder.iterdir())] == [
        f"{given} - Administrative e-mail"
    ] * 2
    assert product.json("open", made)["document"] == "email"
    assert product.run("retry", made, "--as", "prior-auth").returncode == 0  # so that the next finds no e-mail
