"""How many delivered drafts named which drug: numbers alone, once a job, whatever becomes of the file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from daemon.adapters.state.drug_counts import DrugCounts
from daemon.faithfulness.vocabulary.hotwords import drugs_named, generic_names
from daemon.model.draft import Draft, Section, Statement
from daemon.model.errors import RetryableError
from daemon.model.job import Manifest
from daemon.ports import Outbox
from daemon.steps.deliver import deliver


class _Outbox:
    """Publishes nothing, and says that it did."""

    def publish_draft(self, draft: Draft, *, stem: str, short: str, revision: int, folder: str = "") -> list[str]:
        return [f"{stem}.docx"]

    def publish_failure(
        self, code: str, *, job: str, stem: str, short: str, revision: int, folder: str = ""
    ) -> list[str]:
        return []


OUTBOX = cast("Outbox", _Outbox())


class _Full:
    def count(self, job: str, generics: object) -> None:
        raise RetryableError("disk-full")


def _counts(folder: Path) -> DrugCounts:
    return DrugCounts(folder / "drug_counts.json", generic_names)


def _draft(*texts: str) -> Draft:
    statements = tuple(Statement(text, ("p1",), "quoted") for text in texts)
    section = Section("plan", "Plan", statements)
    return Draft("job1", "soap", "SOAP note", (section,), (), (), (), datetime(2026, 1, 2, tzinfo=UTC))


DRAFT = _draft("Continue Lipitor 40 mg.", "Start atorvastatin and warfarin; avoid any beta blocker, says Mrs. Delgado.")


def test_a_draft_names_generic_drugs_each_once_and_no_class() -> None:
    assert drugs_named(DRAFT) == {"atorvastatin", "warfarin"}


def test_a_delivery_that_is_repeated_counts_once(tmp_path: Path) -> None:
    manifest = Manifest("job1", "Delgado", "job1", ())
    for revision in (1, 1, 2):
        deliver(DRAFT, manifest, revision, OUTBOX, _counts(tmp_path))
    _counts(tmp_path).count("job2", ["warfarin"])
    assert _counts(tmp_path).named() == {"atorvastatin": 1, "warfarin": 2}


def test_the_file_has_names_of_the_list_and_numbers_alone(tmp_path: Path) -> None:
    deliver(DRAFT, Manifest("job1", "Delgado", "job1", ()), 1, OUTBOX, _counts(tmp_path))
    _counts(tmp_path).count("job9", ["Mrs. Delgado", "warfarin"])
    text = (tmp_path / "drug_counts.json").read_text()
    assert "elgado" not in text
    assert "job" not in text
    kept = json.loads(text)
    assert set(kept["counts"]) <= generic_names()
    assert all(isinstance(mark, int) for mark in kept["counted"])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", b"[]", b"null", b'{"schema": "chartdraft.drug-counts/1"}', b"[" * 100_000, b'{"schema": "other", "counts": {"warfarin": 3}, "counted": []}',
        b'{"schema": "chartdraft.drug-counts/1", "counts": 3, "counted": []}', b'{"schema": "chartdraft.drug-counts/1", "counts": {"warfarin": -1, "Delgado": 4, "aspirin": true, "metformin": "9"}, "counted": ["x", -1, [2]]}',
    ],
)  # fmt: skip
def test_a_damaged_or_lost_file_begins_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "drug_counts.json").write_bytes(content)
    assert _counts(tmp_path).named() == {}
    _counts(tmp_path).count("job1", ["warfarin"])
    assert _counts(tmp_path).named() == {"warfarin": 1}
    (tmp_path / "drug_counts.json").unlink()
    assert _counts(tmp_path).named() == {}


def test_a_draft_is_delivered_where_its_drugs_cannot_be_counted() -> None:
    assert deliver(DRAFT, Manifest("job1", "Delgado", "job1", ()), 1, OUTBOX, _Full()) == ("Delgado.docx",)
