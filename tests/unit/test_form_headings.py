"""A ticked heading above a list of medicines is no medicine; ticked alone it stays, for it says that there are some."""

from __future__ import annotations

import pytest

from daemon.computed.form_lists import form_rows
from daemon.computed.material import Material
from daemon.documents.form import read_form
from daemon.documents.loader import load_documents
from tests.fakes.passages import form


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["[X] Medicines", "[X] Lisinopril"], ["Lisinopril"]),
        (["[X] Medicines", "Lisinopril 10 mg daily"], ["Lisinopril"]),
        (["Current medications", "[X] Lisinopril", "[X] Blue heart pill"], ["Lisinopril", "Blue heart pill"]),
        (["[X] Medicines"], ["Medicines"]),
    ],
)
def test_a_heading_is_a_row_only_where_it_stands_alone(lines: list[str], names: list[str]) -> None:
    document = load_documents(None)["intake"]
    reading = form(lines)
    rows = form_rows(Material(document, reading, read_form(document, reading.passages)))
    assert [row.name for row in rows] == names
