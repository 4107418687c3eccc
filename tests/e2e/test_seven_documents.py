"""What a person does: one spoken example of each kind and a packet of five files into the inbox, seven documents out of the outbox."""

from __future__ import annotations

import re
import shutil
from functools import cache
from typing import Any

import pytest

from tests.e2e.product import ASSETS, Product

pytestmark = [pytest.mark.engines, pytest.mark.timeout(900)]

SPOKEN = ("referral", "education", "email", "prior-auth", "gap-analysis")
TITLES = {
    "soap": "SOAP note",
    "intake": "Intake summary",
    "referral": "Referral letter",
    "education": "Patient education",
    "email": "Administrative e-mail",
    "prior-auth": "Prior authorization letter",
    "gap-analysis": "Documentation gap analysis",
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """The five memos in the inbox's root, where their first words choose; a packet; and the packet's intake summary besides."""
    product = Product(tmp_path_factory.mktemp("practice"))
    for name in SPOKEN:
        shutil.copy(ASSETS / "spoken" / f"{name}.m4a", product.inbox)
    packet = product.inbox / "Rosa Delgado"
    shutil.copytree(ASSETS / "packet", packet)
    shutil.copy(ASSETS / "spoken" / "packet-memo.m4a", packet)
    assert product.run("run", "--once", timeout=800).returncode == 0
    soap = next(job["id"] for job in product.jobs() if job["document"] == "soap")
    assert product.run("draft", "--from", soap, "--as", "intake").returncode == 0
    return product


@cache
def drafted(product: Product, document: str) -> dict[str, Any]:
    """The one draft of this document, opened once: a command takes a second to start."""
    (job,) = [job["id"] for job in product.jobs() if job["document"] == document]
    found: dict[str, Any] = product.json("open", job)
    return found


def said(draft: dict[str, Any], section: str) -> str:
    """All that stands in a section."""
    (found,) = [each for each in draft["sections"] if each["key"] == section]
    return "\n".join(statement["text"] for statement in found["statements"])


@pytest.mark.parametrize("document", TITLES)
def test_each_document_is_in_the_outbox_twice_and_marked(product: Product, document: str) -> None:
    names = [path.name for path in product.outbox.iterdir() if f" - {TITLES[document]} - UNREVIEWED - " in path.name]
    assert sorted(name.rpartition(".")[2] for name in names) == ["docx", "html"]
    page = next(path for path in product.outbox.iterdir() if path.name in names and path.suffix == ".html")
    assert "UNREVIEWED" in page.read_text("utf-8")


@pytest.mark.parametrize("document", TITLES)
def test_every_statement_that_says_something_of_the_patient_cites_it(product: Product, document: str) -> None:
    draft = drafted(product, document)
    known = {passage["id"] for passage in draft["passages"]}
    for section in draft["sections"]:
        for statement in section["statements"]:
            assert set(statement["evidence"]) <= known
            assert statement["evidence"] or statement["manner"] == "printed"


@pytest.mark.parametrize("document", SPOKEN)
def test_a_memos_first_words_choose_its_document_and_the_draft_says_so(product: Product, document: str) -> None:
    draft = drafted(product, document)
    assert draft["routing"]["code"] == "spoken-cue"
    assert "because the memo begins with" in next(product.outbox.glob(f"{document} - *.html")).read_text("utf-8")


def test_the_packet_is_one_draft_that_cites_every_file(product: Product) -> None:
    draft = drafted(product, "soap")
    sources = {passage["id"]: passage["anchor"]["source"] for passage in draft["passages"]}
    cited = {
        sources[each] for s in draft["sections"] for statement in s["statements"] for each in statement["evidence"]
    }
    assert cited == {"s1", "s2", "s3", "s4", "s5"} == {source["id"] for source in draft["sources"]}
    assert not (product.inbox / "Rosa Delgado").exists()


def test_each_document_holds_what_it_is_for(product: Product) -> None:
    assert re.search(r"cardiology", said(drafted(product, "referral"), "recipient"), re.IGNORECASE)
    assert "question" in said(drafted(product, "referral"), "question").lower()
    assert "front desk" in said(drafted(product, "email"), "to").lower()
    assert "gloves" in said(drafted(product, "email"), "actions")
    assert "requesting approval" in said(drafted(product, "prior-auth"), "request")
    assert "Come back in 2 weeks" in said(drafted(product, "education"), "handout")
    assert "shoulder" in said(drafted(product, "gap-analysis"), "contradictions")
    assert "ibuprofen" in said(drafted(product, "soap"), "medication-list").lower()
    assert "codeine" in said(drafted(product, "intake"), "allergies").lower()
