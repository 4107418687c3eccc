"""What is written for launchd and systemd: keys and types, other parsers, paths of every kind."""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.machine.service_templates import launchd_plist, plist_command, systemd_unit, unit_command
from daemon.model.background_service import ServicePlan
from daemon.model.errors import ChartdraftError
from tests.fakes.recorded import FOR_MACHINE, PLAN
from tests.fakes.service_manager import LAUNCHD_KEYS, from_plist, from_unit

ODD = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")
# Any path that a file system takes and that is text: no null, no half of a surrogate pair.
PATHS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).map("/".__add__)


def test_the_agent_and_the_daemon_have_the_known_keys_and_differ_in_the_account_alone() -> None:
    agent, machines = plistlib.loads(launchd_plist(PLAN)), plistlib.loads(launchd_plist(FOR_MACHINE))
    assert set(machines) == set(LAUNCHD_KEYS)
    assert machines == agent | {"UserName": "_chartdraft", "GroupName": "_chartdraft"}
    assert from_plist(launchd_plist(FOR_MACHINE)).account == "_chartdraft"
    assert agent["ProgramArguments"] == [str(PLAN.program), "--home", "/Users/ann/C D", "run"]
    assert (agent["ThrottleInterval"], agent["ExitTimeOut"], agent["Umask"]) == (30, 30, 0o077)
    assert agent["MaterializeDatalessFiles"] is True
    assert agent["EnvironmentVariables"] == {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_CTYPE": "UTF-8"}


def test_a_plan_without_options_has_none() -> None:
    plan = replace(PLAN, options=())
    assert from_plist(launchd_plist(plan)).argv == from_unit(systemd_unit(plan)).argv == [str(PLAN.program), "run"]


def test_the_unit_says_the_same_as_the_property_list() -> None:
    unit, job = from_unit(systemd_unit(PLAN)), from_plist(launchd_plist(PLAN))
    assert unit == replace(job, from_start=False, environment=job.environment | {"LC_CTYPE": "C.UTF-8"})
    text = systemd_unit(PLAN).decode()
    assert "WantedBy=default.target\n" in text
    assert "RestrictAddressFamilies=AF_UNIX AF_NETLINK\n" in text
    assert "User=" not in text
    for_machine = systemd_unit(FOR_MACHINE).decode()
    assert "User=_chartdraft\nGroup=_chartdraft\n" in for_machine
    assert "WantedBy=multi-user.target\n" in for_machine
    assert "RestrictAddressFamilies" not in systemd_unit(replace(PLAN, network=True)).decode()


@given(st.lists(PATHS, max_size=3), PATHS, PATHS)
def test_whatever_a_path_holds_arrives_unchanged_or_is_refused(options: list[str], program: str, log: str) -> None:
    plan = ServicePlan(Path(program), tuple(options), Path(log), environment={"XDG_DATA_HOME": log})
    if ODD.search("".join([program, log, *options])):
        for write in (systemd_unit, launchd_plist):
            with pytest.raises(ChartdraftError, match="service-path"):
                write(plan)
        return
    unit, job = systemd_unit(plan), launchd_plist(plan)
    expected = [str(plan.program), *options, "run"]
    assert from_unit(unit).argv == list(unit_command(unit)) == expected
    assert plistlib.loads(job)["ProgramArguments"] == list(plist_command(job)) == expected
    assert from_unit(unit).environment["XDG_DATA_HOME"] == log
    assert from_unit(unit).output == plistlib.loads(job)["StandardErrorPath"] == str(plan.crash_log)


def test_a_relative_program_is_refused() -> None:
    with pytest.raises(ChartdraftError, match="service-path"):
        launchd_plist(replace(PLAN, program=Path("bin/chartdraft")))


@pytest.mark.needs("plistutil")
@pytest.mark.parametrize("plan", [PLAN, FOR_MACHINE])
def test_a_second_parser_reads_the_same(plan: ServicePlan, tmp_path: Path) -> None:
    awkward = replace(plan, options=("--home", "/Users/ann/<R&D> “é” 😀"))
    text, binary = launchd_plist(awkward), tmp_path / "binary"
    (tmp_path / "xml").write_bytes(text)
    command = ["plistutil", "-i", str(tmp_path / "xml"), "-f", "bin", "-o", str(binary)]
    subprocess.run(command, check=True, timeout=20)
    assert binary.read_bytes().startswith(b"bplist00")
    assert plistlib.loads(binary.read_bytes()) == plistlib.loads(text)


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("scope", ["--user", "--system"])
def test_systemd_itself_finds_nothing_wrong_with_the_unit(scope: str, tmp_path: Path) -> None:
    plan = replace(PLAN, program=Path("/bin/true"), options=("--home", '/srv/a "b" $C 100 %/\\x'))
    plan = plan if scope == "--user" else replace(plan, account="daemon")
    unit = tmp_path / "chartdraft.service"
    unit.write_bytes(systemd_unit(plan))
    done = subprocess.run(
        ["systemd-analyze", "verify", scope, str(unit)],
        env={"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # It may also find fault with units of the machine's own.
    assert "chartdraft" not in done.stderr
    assert done.returncode == 0 or scope == "--system"
