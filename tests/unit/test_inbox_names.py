"""What the name of a folder says, and in which order people count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.inbox.names import is_general, is_package, natural_key, near_document, page_of

DOCUMENTS = {
    "soap": "SOAP note",
    "intake": "Intake summary",
    "referral": "Referral letter",
    "education": "Patient education",
    "email": "Email",
    "prior-auth": "Prior authorization",
    "gap-analysis": "Gap analysis",
}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("referrals", "referral"),
        ("Refferal", "referral"),
        ("Jane Doe refferal", "referral"),
        ("letters", "referral"),
        ("Referral letters 2", "referral"),
        ("soap notes", "soap"),
        ("SOAP-notes", "soap"),
        ("soapnotes", "soap"),
        ("saop note", "soap"),
        ("notes", "soap"),
        ("Jane Doe soap", "soap"),
        ("prior auth", "prior-auth"),
        ("Prior Auths", "prior-auth"),
        ("prior authorisation", "prior-auth"),
        ("emails", "email"),
        ("emial", "email"),
        ("Gap Analyses", "gap-analysis"),
        ("handouts for education", "education"),
        ("intakes", "intake"),
    ],
)
def test_a_name_close_to_a_documents_is_known_for_it(name: str, key: str) -> None:
    assert near_document(name, DOCUMENTS) == key


PATIENTS = [
    "Jane Doe", "Doe, Jane", "Doe, Jane 1981-02-03", "JANE_DOE_2", "Mary Noteboom", "Emily Chen", "Dr. Weber", "王小明",
    "María José Álvarez", "O'Brien", "Visit 3", "Patient 7", "packet", "Whitcombe packet", "483920", "Encounter 2026-08-02",
    "Soares", "Jane Doe knee",
]  # fmt: skip


@pytest.mark.parametrize("name", PATIENTS)
def test_a_visits_name_is_neither_close_to_a_document_nor_a_trays(name: str) -> None:
    assert (near_document(name, DOCUMENTS), is_general(name)) == ("", False)


@pytest.mark.parametrize(
    "name",
    [
        "Scans", "New Folder", "New folder (2)", "untitled folder", "Monday", "week 32", "2026-08-02", "08-02", "20260802", "2026",
        "August 2", "today", "to do", "labs", "Discharge summaries", "X-rays", "Patients", "visits", "front desk", "_", "  ", "",
        "Voice Memos", "DONE", "Faxes to file", "consult letters", "Photos from iPhone",
    ],
)  # fmt: skip
def test_a_kind_of_paper_a_place_and_a_day_are_trays(name: str) -> None:
    assert is_general(name)


@given(st.text(max_size=40))
def test_any_name_is_judged(name: str) -> None:
    assert near_document(name, DOCUMENTS) in {"", *DOCUMENTS}
    assert is_general(name) in {True, False}
    page = page_of(name)
    assert page is None or page[1] >= 0


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_names_have_one_order(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)


def test_people_count_numbers_not_digits() -> None:
    names = ["Scan_10.jpg", "Scan_2.jpg", "a.jpg", "Scan_1.jpg", "scan_3.jpg", "Scan.jpg", "10.jpg", "9.jpg"]
    assert sorted(names, key=natural_key) == [
        "9.jpg", "10.jpg", "a.jpg", "Scan.jpg", "Scan_1.jpg", "Scan_2.jpg", "scan_3.jpg", "Scan_10.jpg"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("Scan_0004.JPG", ("Scan_", 4, "jpg")),
        ("IMG 12.heic", ("IMG ", 12, "heic")),
        ("7.png", ("", 7, "png")),
        ("a.b 2.tif", ("a.b ", 2, "tif")),
        ("Scan.jpg", None),
        ("Scan_1", None),
        ("Scan_1 copy.jpg", None),
        ("1.5.2026", ("1.", 5, "2026")),
    ],
)
def test_a_scanners_number(name: str, page: tuple[str, int, str] | None) -> None:
    assert page_of(name) == page


@pytest.mark.parametrize(
    ("name", "is_one"), [("note.pages", True), ("A.RTFD", True), ("Jane.Doe", False), ("pages", False)]
)
def test_a_document_that_is_a_folder(name: str, is_one: bool) -> None:
    assert is_package(name) == is_one
