"""Machines to install on; a whole installation is made once and copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.office_machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path).set_up()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("template")).set_up()
    machine.fresh()
    machine.noted()
    return machine


@pytest.fixture
def installed(template: Machine, tmp_path: Path) -> Machine:
    """A machine on which version 1.0 is installed and runs."""
    return template.copy_to(tmp_path / "machine")
