"""A home on a disk that forgets, whose power fails in the middle of work again and again."""

from __future__ import annotations

import os
import random
import signal
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from daemon import wiring
from daemon.config import load_home
from daemon.keeping import upkeep
from daemon.model.codec import manifest_from_bytes
from tests.fakes.forgetful_disk.mounted import ForgetfulDisk
from tests.fakes.forgetful_disk.tree import CUTS
from tests.faults.killable import CONFIG, run_once_or_die

CUTS_A_SEED = 3
RUN_SECONDS = 60.0


class PoweredOffice:
    """A home, and what was put into its inbox. `bare` is a home as set-up leaves it, `opened` one that a daemon has worked in."""

    def __init__(self, disk: ForgetfulDisk, elsewhere: Path) -> None:
        self.disk, self.root = disk, disk.path / "home"
        self.put: dict[str, list[bytes]] = {}
        self._elsewhere = elsewhere
        self._set_up()
        disk.remember("bare")
        disk.counts()
        self._put_one(random.Random(0), "first")
        assert self._run() == 0
        changes = disk.counts()
        self.changes = sum(
            changes.get(each, 0) for each in ("write", "fsync", "fsync-folder", "create", "unlink", "link")
        )
        disk.remember("opened")

    def _set_up(self) -> None:
        """In another process, which leaves nothing open."""

        def work() -> None:
            self.root.mkdir()
            (self.root / "config.toml").write_text(CONFIG)
            self.disk_sync()
            upkeep.set_up(load_home(self.root, None), self._elsewhere / "recovery.txt")

        assert in_fork(work) == ""

    def disk_sync(self) -> None:
        """What a person did long ago."""
        for path in (self.root / "config.toml", self.root, self.disk.path):
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)

    def try_seed(self, seed: int, told: Callable[[str], None] = lambda _: None) -> list[str]:
        """Put items in, let the power fail some times in the middle of it, let the work be finished; what is wrong then."""
        rng = random.Random(seed)
        bare = seed % 4 == 0
        self.disk.restore("bare" if bare else "opened")
        self.put = {} if bare else {"first": _contents(random.Random(0), "first")}
        for number in range(CUTS_A_SEED):
            for _ in range(rng.randint(1, 2) if number < 2 else 0):  # the last cut strikes what there is
                self._put_one(rng, f"visit {len(self.put)}")
            how = rng.choice([*CUTS, "nothing", "folders", "any"])  # the three that leave least in order
            at = rng.randint(1, self.changes)
            status = self._run_until_cut(at, how, rng.getrandbits(32))
            told(f"seed {seed}: power lost at change {at}, {how}; the daemon {status}")
            if wrong := in_fork(self._check_now):
                return [f"after cut {number + 1} ({how} at {at}): {wrong}"]
        code = self._run()
        wrong = in_fork(self.check_all)
        if code:
            return [f"the last start ended with {code}: {wrong} {self._log()}"]
        return [wrong] if wrong else []

    def put_one(self, seed: int, name: str) -> None:
        """A person saves an item."""
        self._put_one(random.Random(seed), name)

    def finish(self) -> int:
        """Let the daemon do what is left; its exit code, -1 if it hangs."""
        return self._run()

    def drafts(self, beginning: str) -> list[str]:
        """The names of drafts in the outbox that begin so."""
        names = [path.name for path in (self.root / "outbox").iterdir()]
        return [name for name in names if name.startswith(beginning) and " - UNREVIEWED - " in name]

    def _put_one(self, rng: random.Random, name: str) -> None:
        """A person saves a memo, or a packet, and it is on the disk."""
        contents = self.put[name] = _contents(rng, name)
        inbox, coming = self.root / "inbox", self.root / "inbox" / ".coming"
        if len(contents) == 1:
            synced_file(coming, contents[0])
            coming.rename(inbox / f"{name}.mp3")
        else:
            coming.mkdir()
            for number, content in enumerate(contents):
                synced_file(coming / ("memo.mp3" if number == 0 else f"page {number}.tif"), content)
            sync(coming)
            coming.rename(inbox / name)
        sync(inbox)

    def _run_until_cut(self, at: int, how: str, seed: int) -> str:
        self.disk.lose_power_at(at)
        child = run_once_or_die(self.root, once=True)
        ended = wait(child, self.disk.has_lost_power)
        if ended is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        self.disk.power_cut(how, seed)
        return "was at work" if ended is None else f"had ended with {ended}"

    def _run(self) -> int:
        """Until all is done; the exit code. -1: it was hanging."""
        child = run_once_or_die(self.root, once=True)
        ended = wait(child, lambda _: False)
        if ended is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return -1 if ended is None else ended

    def _log(self) -> str:
        path = self.root / "daemon.log"
        return path.read_text(errors="replace")[-1500:] if path.exists() else "no log"

    def _check_now(self) -> None:
        """What people see at this moment is whole."""
        for path in (self.root / "outbox").iterdir():
            if not path.name.startswith("."):
                assert_whole(path)

    def check_all(self) -> None:
        """Nothing is lost, nothing is doubled, nothing is half, and the trail says so."""
        self._check_now()
        home = load_home(self.root, None)
        names = [path.name for path in (self.root / "outbox").iterdir() if " - UNREVIEWED - " in path.name]
        stems = Counter((name.split(" - ")[0], name.rpartition(".")[2]) for name in names)
        assert stems == Counter({(stem, kind): 1 for stem in self.put for kind in ("docx", "html")}), names
        others = {path.name for path in (self.root / "outbox").iterdir()} - {*names, "Status.html", "README.txt"}
        assert not others, others
        left = [path.name for path in (self.root / "inbox").rglob("*") if path.suffix in {".mp3", ".tif"}]
        assert not left, left
        rows, vault = wiring.board(home).rows(), wiring.vault(home)
        assert {row.state for row in rows} == {"delivered"}, [(row.state, row.code, row.attempts) for row in rows]
        manifests = [manifest_from_bytes(vault.open(row.manifest)) for row in rows]
        sealed = sorted(vault.open(source.blob) for each in manifests for source in each.sources)
        assert sealed == sorted(content for contents in self.put.values() for content in contents)
        assert upkeep.verify_audit(home, None)["ok"], upkeep.verify_audit(home, None)


def _contents(rng: random.Random, name: str) -> list[bytes]:
    memo = f"Somebody is here for {name}.\nHe denies fever.\n".encode() * rng.choice([1, 4])
    pages = [memo + b"On page %d.\n" % page for page in range(1, rng.choice([1, 1, 3]))]
    return [memo, *pages]


def assert_whole(path: Path) -> None:
    """A published file can be opened to its end."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as file:
            assert file.testzip() is None
    elif path.suffix == ".html":
        assert path.read_bytes().rstrip().endswith(b"</html>"), f"{path.name} is cut off"
    else:
        assert path.read_bytes(), f"{path.name} is empty"


def synced_file(path: Path, data: bytes) -> None:
    """Write and fsync."""
    path.write_bytes(data)
    sync(path)


def sync(path: Path) -> None:
    """fsync, of a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def wait(child: int, enough: Callable[[float], bool]) -> int | None:
    """The child's exit code; None if it was enough before it ended, or too long."""
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if enough(0.01):
            return None
        time.sleep(0.005)
    return None


def in_fork(work: Callable[[], None]) -> str:
    """Do it in another process, which keeps nothing open here; what went wrong, "" if nothing did."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            work()
        except BaseException as error:  # noqa: BLE001 - whatever it was, the parent says it
            os.write(writing, f"{type(error).__name__}: {error}"[:4000].encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        wrong = told.read().decode(errors="replace")
    os.waitpid(child, 0)
    return wrong
