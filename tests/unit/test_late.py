"""A pattern that is compiled late finds what one that is compiled at once does."""

from __future__ import annotations

import copy
import re

import pytest

from daemon.faithfulness.late import late


def test_it_is_compiled_when_it_is_first_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: compiled.append(given[0]) or compile_(*given))
    pattern = late(r"\bhives\b", re.IGNORECASE)
    assert not compiled
    assert pattern.search("Hives since")
    assert not pattern.search("Shives")
    assert pattern.search("hives")
    assert pattern.fullmatch("HIVES")
    assert set(compiled) == {r"\bhives\b"}


def test_it_has_what_a_pattern_has() -> None:
    pattern = late(r"(?P<drug>\w+)in")
    assert pattern.groupindex == {"drug": 1}
    assert [each["drug"] for each in pattern.finditer("penicillin")] == ["penicill"]
    assert copy.copy(pattern).sub("x", "penicillin") == "x"
    with pytest.raises(AttributeError):
        _ = pattern.nothing_of_the_kind  # type: ignore[attr-defined]
