"""Notes: plain words for every code, openable everywhere."""

from __future__ import annotations

import pytest

from daemon.adapters.outbox.notes import failure_note, told, told_of
from daemon.model.error_catalog import CATALOG
from tests.fakes import drafts


@pytest.mark.parametrize("code", [*CATALOG, "not-a-code"])
def test_every_code_has_a_note_that_says_what_happened_and_what_to_do(code: str) -> None:
    data = failure_note(code, job=drafts.JOB, stem="Scan 001", short="7f3k", revision=2)
    text = data.decode("utf-8-sig")
    assert data.startswith(b"\xef\xbb\xbf")
    assert "\n" not in text.replace("\r\n", "")
    parts = text.split("\r\n\r\n")
    assert [part.split("\r\n")[0] for part in parts[1:4]] == ["WHAT HAPPENED", "THE ORIGINAL", "WHAT TO DO"]
    sentences = [part.split("\r\n")[1] for part in parts[1:4]]
    assert all(each[0] == each[0].upper() and each.endswith(".") for each in sentences)
    assert ("original is safe" in text) == (code not in {"vault-missing", "vault-purged", "vault-unreadable"})
    assert f"{code}, chartdraft:{drafts.JOB}:2" in text


@pytest.mark.parametrize("code", [*CATALOG, "not-a-code"])
def test_the_desk_is_never_asked_to_type_a_command(code: str) -> None:
    happened, todo = told(code)
    assert happened.endswith(".")
    assert "`" not in todo or todo.startswith("Please show this to whoever looks after Chartdraft. For them: ")


def test_a_sentence_is_parted_where_the_doing_begins() -> None:
    assert told_of("A is so; nothing is lost; please do B.") == ("A is so; nothing is lost.", "Please do B.")
    assert told_of("It changed; it is taken in when it is quiet.") == (
        "It changed.",
        "It is taken in when it is quiet.",
    )
    assert told_of("It is so.") == ("It is so.", "Please show this to whoever looks after Chartdraft.")
    assert told("media-unsupported")[0] == "This kind of file cannot be read."


def test_the_note_says_how_it_leaves_the_list() -> None:
    data = failure_note("speech-none", job=drafts.JOB, stem="memo", short="7f3k", revision=1)
    assert "delete this note: then it leaves the list in Status.html within a few minutes." in data.decode("utf-8-sig")
