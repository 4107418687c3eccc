"""The guide's Samba shares, served on loopback by a real smbd: what staff put in is drafted once, and they reach nothing else."""

from __future__ import annotations

import getpass
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.product import ASSETS, Product, stop

SHARES = Path(__file__).resolve().parents[2] / "docs" / "samba-shares.conf"
FOLDERS = ("lock", "state", "cache", "private", "pid", "ncalrpc")
PASSWORD = "front desk 1"


class Office:
    """A home whose inbox and outbox are shared as docs/samba-shares.conf says, with this account as the staff's."""

    def __init__(self, folder: Path) -> None:
        self.product = Product(
            folder / "home", settings='drafter = "quoting"\nsettle_seconds = 0.3\nrescan_seconds = 0.5\n'
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        self.conf = folder / "smb.conf"
        self.conf.write_text(self._adapted(folder / "samba"))
        self.account = getpass.getuser()
        self._wait_seconds = 20
        subprocess.run(
            ["smbpasswd", "-c", self.conf, "-s", "-a", self.account],
            input=f"{PASSWORD}\n{PASSWORD}\n".encode(),
            check=True,
            capture_output=True,
        )

    def _adapted(self, folder: Path) -> str:
        ours = ["interfaces = 127.0.0.1", "bind interfaces only = yes", f"smb ports = {self.port}"]
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, mode=0o700)
            ours.append(f"{name} {'dir' if name in {'private', 'ncalrpc'} else 'directory'} = {folder / name}")
        text = SHARES.read_text().replace("[global]", "\n    ".join(["[global]", f"log file = {folder}/log", *ours]))
        text = text.replace("/home/chartdraft/Chartdraft/Inbox", str(self.product.inbox))
        text = text.replace("/home/chartdraft/Chartdraft/Outbox", str(self.product.outbox))
        user = getpass.getuser()
        return text.replace("@chartdraft-staff", user).replace("force user = chartdraft", f"force user = {user}")

    def smb(self, share: str, commands: str, *, password: str = PASSWORD) -> str:
        """What smbclient said."""
        done = subprocess.run(
            ["smbclient", "-p", self.port, f"//127.0.0.1/{share}", "-U", self.account, "-s", self.conf, "-c", commands],
            capture_output=True,
            env={**os.environ, "PASSWD": password},
            check=False,
            timeout=30,
        )
        return (done.stdout + done.stderr).decode()

    def serve(self) -> subprocess.Popen[bytes]:
        """smbd, once it answers."""
        command = ["smbd", "--foreground", "--no-process-group", f"--configfile={self.conf}"]
        # A session of its own: when smbd ends, it ends its whole process group, and that would be ours.
        served = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + self._wait_seconds
        while time.monotonic() < deadline and served.poll() is None:
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", int(self.port))) == 0:
                    return served
            time.sleep(0.05)
        served.kill()
        raise AssertionError("smbd did not start")


def _modules() -> Path:
    """The folder of smbd's own modules."""
    told = subprocess.run(["smbd", "-b"], capture_output=True, text=True, check=True).stdout
    return next(Path(line.split(":", 1)[1].strip()) for line in told.splitlines() if "MODULESDIR:" in line)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    if os.geteuid() != 0:
        pytest.skip("needs root: smbd changes to the share's account")
    if not (_modules() / "vfs" / "fruit.so").is_file():
        pytest.skip("needs Samba's modules for shares (the package samba-vfs-modules)")
    made = Office(tmp_path)
    served, daemon = made.serve(), made.product.start()
    yield made
    stop(daemon)
    served.send_signal(signal.SIGTERM)
    served.wait(timeout=10)


@pytest.mark.needs("smbd", "smbclient", "smbpasswd")
def test_staff_put_a_text_in_and_pick_its_draft_up(office: Office) -> None:
    """Through the shares alone; what a Mac leaves in folders never arrives, and the state folder is out of reach."""
    litter = "; ".join(
        f"put {ASSETS / 'blank.png'} {name}" for name in (".DS_Store", "soap/._visit.txt", ".TemporaryItems")
    )
    office.smb("Chartdraft Inbox", f"put {ASSETS / 'memo.txt'} soap/visit.txt; {litter}")
    assert not list(office.product.inbox.rglob(".*"))

    office.product.wait_for_state("delivered", "attention")
    listed = office.smb("Chartdraft Outbox", "ls")
    drafts = [path.name for path in office.product.delivered(".docx")]
    assert len(drafts) == 1
    assert drafts[0] in listed
    fetched = office.product.root / "fetched.docx"
    office.smb("Chartdraft Outbox", f'get "{drafts[0]}" {fetched}')
    assert fetched.read_bytes() == (office.product.outbox / drafts[0]).read_bytes()

    edited = office.product.root / "edited"
    edited.write_text("edited by staff")
    office.smb("Chartdraft Outbox", f'put {edited} "{drafts[0]}"')
    assert (office.product.outbox / drafts[0]).read_text() == "edited by staff"

    office.smb("Chartdraft Inbox", f"get ../state/keys/identity.txt {office.product.root / 'stolen'}")
    assert not (office.product.root / "stolen").exists()
    assert "LOGON_FAILURE" in office.smb("Chartdraft Inbox", "ls", password="wrong")
