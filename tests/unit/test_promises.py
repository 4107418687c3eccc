"""SECURITY.md's promises: numbered without a gap, and each shown by tests that exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from promises import PAGE, Promise, main, promises

ROOT = Path(__file__).resolve().parents[2]
PROMISES = promises(PAGE.read_text(encoding="utf-8"))


def test_they_are_numbered_from_one() -> None:
    assert [each.number for each in PROMISES] == list(range(1, len(PROMISES) + 1))
    assert PROMISES


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: str(promise.number))
def test_each_is_shown_by_tests_that_exist(promise: Promise) -> None:
    assert promise.tests
    for test in promise.tests:
        path, _, name = test.partition("::")
        file = ROOT / path
        assert file.is_file(), path
        defined = {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}
        assert not name or name in defined, test
        assert any(each.startswith("test_") for each in defined)


def test_each_command_beside_a_promise_names_that_promise() -> None:
    number = 0
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            number += 1
        if line.startswith("Shown by:"):
            assert f"`scripts/promise {number}`" in line


def test_what_is_no_promise_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["0"]) == 2
    assert "no such promise" in capsys.readouterr().err


def test_without_a_number_they_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(PROMISES)
