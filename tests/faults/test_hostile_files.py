"""Every hostile file through one home: a note or a draft for each, the next item drafted, nothing touched outside, nobody called."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.adapters.age import generate_identity
from daemon.model.visible_text import plain_name
from tests.e2e.product import COMMAND, QUICK, Product
from tests.fakes.hostile_files import CHOSEN, LEFT_ALONE, NAMES, Hostile, age_files, hostile_files

pytestmark = [pytest.mark.engines, pytest.mark.needs("strace")]
# Small caps make small bombs: each must be held by its cap, whatever the cap is. A quarter of the wall clock is for drawing.
SETTINGS = (
    QUICK
    + """
notifications = "off"
drafter = "quoting"
[limits]
max_megabytes = 10
max_minutes = 30.0
max_megapixels = 1
max_pages = 20
max_wall_minutes = 0.25
max_memory_megabytes = 1500
"""
)
GOOD = "Dictation {number} of this morning. The patient has had a cough for {number} days. Return in two weeks.\n"
CALLS = (
    "open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mknod,mknodat,truncate,"
    "unlink,unlinkat,rmdir,connect,bind"
)
HOW_LONG = 240
SOME_RECIPIENT = generate_identity().recipient
_PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')


@dataclass
class World:
    """A home after it was given everything, and what was seen meanwhile."""

    product: Product
    files: dict[str, Hostile]
    listener: socket.socket
    canary: Path
    trace: str
    code: int
    before: dict[Path, tuple[int, int]]
    outside: Path

    def outcome(self, stem: str) -> tuple[str, str]:
        """What lies in the outbox for an item: "draft" or the code in the list of jobs, and the file's text or ""."""
        found = [path for path in self.product.outbox.iterdir() if path.name.startswith(f"{stem} - ")]
        jobs = self.product.known  # type: ignore[attr-defined]
        ids = {path.stem.rpartition(" - ")[2] for path in found}
        assert len(ids) == 1, (stem, sorted(path.name for path in found))
        (short,) = ids
        (job,) = [job for job in jobs if job["id"].startswith(short)]
        if job["state"] == "delivered":
            assert {path.suffix for path in found} == {".docx", ".html"}
            return "", ""
        (note,) = found
        return job["code"], note.read_text(encoding="utf-8-sig")


def paths_written(trace: str) -> Iterator[Path]:
    """What was made, changed or removed, or was to be."""
    for line in trace.splitlines():
        call = line.split(maxsplit=1)[-1]
        if call.startswith("open") and not re.search(r"O_(?:CREAT|WRONLY|RDWR|TRUNC)", call):
            continue
        if not call.startswith(("connect", "bind", "<")):
            named = _PATH.findall(call.partition(") = ")[0])
            # Of a link, the second is what is made.
            yield from (
                Path(folder or "/", name) for folder, name in (named[-1:] if call.startswith("symlink") else named)
            )


def is_of_no_disk(path: Path) -> bool:
    """Devices, what the kernel shows as files, the root that bubblewrap builds in memory for the child, and what the child is
    asked at the start to try to write, in vain."""
    return path.name.startswith(".chartdraft-trial-") or path.parts[1:2] in {
        ("dev",),
        ("proc",),
        ("newroot",),
        ("oldroot",),
    }


def tree(folder: Path) -> dict[Path, tuple[int, int]]:
    """Everything below a folder with its time and size."""
    return {path: (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("hostile")
    outside = root / "outside"
    (outside / "tmp").mkdir(parents=True)
    canary = outside / "canary.wav"
    shutil.copy(Path(__file__).parents[1] / "assets" / "memo.wav", canary)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        product = Product(root / "home", SETTINGS)
        files = put_everything(product, canary, listener.getsockname()[1])
        before = tree(outside)
        code = traced_run(product, outside, root / "trace")
        product.known = product.jobs()  # type: ignore[attr-defined]
        listener.setblocking(False)
        trace = (root / "trace").read_text(errors="surrogateescape")
        yield World(product, files, listener, canary, trace, code, before, outside)


def put_everything(product: Product, canary: Path, port: int) -> dict[str, Hostile]:
    """By the beginning of their names. A good note lies between any ten, and one comes last."""
    files = [file for file in hostile_files(canary, port) if file.name in CHOSEN]
    assert len({file.data for file in files}) == len(CHOSEN)  # what has the same content would be the same item
    named: dict[str, Hostile] = {}
    for number, file in enumerate(files, 1):
        stem, _, suffix = file.name.rpartition(".")
        named[f"{number:03} {stem}"] = file
        folder = product.inbox / "soap" if suffix in {"txt", "md"} else product.inbox
        (folder / f"{number:03} {stem}.{suffix}").write_bytes(file.data)
        if number % 10 == 0 or number == len(files):
            (product.inbox / "soap" / f"{number:03} then good.txt").write_text(GOOD.format(number=number))
    for number, name in enumerate(NAMES, 1):
        (product.inbox / os.fsdecode(name)).write_text(GOOD.format(number=1000 + number))
    for name in LEFT_ALONE:
        (product.inbox / name).write_text("not an item")
    words = (product.inbox / "RECIPIENT.txt").read_text().split()
    machine = next(word for word in words if word.startswith("age1"))  # the recovery key's follows
    sealed = age_files(machine, b"Sealed and opened. The patient is well.\n")
    for name, data in sealed.items():
        (product.inbox / "soap" / name).write_bytes(data)
    return named


def traced_run(product: Product, outside: Path, trace: Path) -> int:
    """`run --once` under a tracer of every call that makes, changes or opens a file, or reaches for the network."""
    tracer = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-y",
        "-s",
        "600",
        "-e",
        f"trace={CALLS}",
        "-e",
        "signal=none",
        "-o",
        str(trace),
    ]
    environment = product._environment() | {"TMPDIR": str(outside / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*tracer, *COMMAND, "--home", str(product.root), "run", "--once"]
    traced = subprocess.Popen(command, env=environment, cwd=outside, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        product.heard += traced.communicate(timeout=HOW_LONG)[0]
    finally:
        traced.terminate()  # a tracer that is asked to end takes along what it started; one that is killed leaves it running
        traced.wait()
    return traced.returncode


def test_each_has_a_draft_or_a_note_with_a_code_that_fits(world: World) -> None:
    assert world.code == 3
    wrong = {}
    for stem, file in world.files.items():
        code, note = world.outcome(stem)
        if code not in file.codes or (code and (code not in note or "The original is safe" not in note)):
            wrong[file.name] = code
    assert wrong == {}


def test_what_comes_after_them_is_drafted(world: World) -> None:
    good = [path for path in world.product.delivered(".docx") if " then good - " in path.name]
    assert len(good) == len([number for number in range(1, len(world.files) + 1) if number % 10 == 0]) + 1
    assert not [job for job in world.product.known if job["state"] not in {"delivered", "attention"}]  # type: ignore[attr-defined]


def test_only_what_was_sealed_to_this_machine_and_whole_is_opened(world: World) -> None:
    opened = {
        "nothing-sealed": {"media-empty"},
        "age-in-age": {"media-mismatch"},
        "bomb-in-age": {"media-too-large"},
    }
    names = [name.removesuffix(".txt.age") for name in age_files(SOME_RECIPIENT, b"")]
    codes = {name: world.outcome(name)[0] for name in names}
    assert {name: code for name, code in codes.items() if code not in opened.get(name, {"seal-unreadable"})} == {}


def test_every_name_that_came_in_is_shown_and_misleads_nobody(world: World) -> None:
    names = [path.name for path in world.product.outbox.iterdir()]
    assert all(plain_name(name) == name and len(name.encode()) <= 255 and name[0] not in "-." for name in names)
    notes = [name for name in names if " - COULD NOT DRAFT - " in name]
    kept = [stem for stem in world.files if world.outcome(stem)[0]]
    assert len(notes) == len(NAMES) + len(kept) + len(age_files(SOME_RECIPIENT, b""))
    assert "Chartdraft" in (world.product.outbox / "Status.html").read_text()
    left = {path.name for path in world.product.inbox.rglob("*") if path.is_file()}
    assert left == {*LEFT_ALONE, "README.txt", "RECIPIENT.txt"}


def test_nothing_is_written_outside_the_home_and_no_other_file_is_opened(world: World) -> None:
    written = list(paths_written(world.trace))
    inside = [path for path in written if path.is_relative_to(world.product.root)]
    assert any(path.is_relative_to(world.product.outbox) for path in inside)  # so the trace would have shown it
    # Temporary folders are for the proof that the child is shut in; that nothing stays in them is seen below.
    allowed = (world.product.root, world.outside / "tmp")
    odd = {path for path in written if not any(map(path.is_relative_to, allowed)) and not is_of_no_disk(path)}
    assert sorted(odd) == []
    assert {path.relative_to(world.product.root).parts[0] for path in inside} <= {"inbox", "outbox", "state"}
    assert str(world.canary) not in world.trace
    assert tree(world.outside).keys() == world.before.keys()
    assert tree(world.outside)[world.canary] == world.before[world.canary]


def test_nobody_is_called(world: World) -> None:
    calls = [line for line in world.trace.splitlines() if "sa_family=AF_INET" in line]
    # At the start the child tries to reach a witness on this machine, in vain: the proof that it is shut in.
    assert [
        line
        for line in calls
        if not re.search(r'"(?:127\.0\.0\.1|::1)"', line) or f"htons({world.listener.getsockname()[1]})" in line
    ] == []
    with pytest.raises(BlockingIOError):
        world.listener.accept()
    with socket.create_connection(world.listener.getsockname()):  # so it would have heard a call
        world.listener.accept()[0].close()
