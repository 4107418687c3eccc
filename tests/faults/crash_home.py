"""A home with things to do in it, and what must be true of it after a death and in the end."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from daemon import wiring
from daemon.adapters.audit.reader import read_trail
from daemon.adapters.rendering import draft_html as draft_html_module
from daemon.adapters.rendering.draft_docx import draft_docx
from daemon.adapters.rendering.draft_html import draft_html
from daemon.adapters.rendering.draft_view import Label
from daemon.config import Home, load_home
from daemon.keeping import handover, upkeep
from daemon.model import outbox_name
from daemon.model.codec import manifest_from_bytes
from daemon.model.errors import ChartdraftError
from daemon.model.job import JobRow, Manifest
from daemon.model.passage import Reading
from daemon.steps.draft import draft as draft_step
from daemon.steps.verify import verify
from tests.faults.crash_lives import LOCKED, Drafter, Life, QuickClock, live, load_what_was_needed
from tests.faults.crash_load import CANARY, Item, load

SETTINGS = """
drafter = "quoting"
settle_seconds = 0.05
give_up_seconds = 1.0
rescan_seconds = 0.2
[engine]
poll_seconds = 0.02
[upkeep]
checkpoint_dir = "copies"
"""


@dataclass
class Place:
    """A home, and what was put into its inbox so far."""

    root: Path
    dropped: list[Item] = field(default_factory=list)
    torn: int = 0
    next_cut: int = 3

    @property
    def home(self) -> Home:
        return load_home(self.root, None)

    def drop(self, item: Item) -> None:
        """Save its files; a packet is there at once."""
        coming = self.root / "coming"
        for name, data in item.files:
            path = coming / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            if item.sealed:
                upkeep.seal_file(self.home, path, path.with_name(f"{path.name}.age"))
                path.unlink()
        for entry in list(coming.iterdir()):
            target = self.home.inbox / entry.name
            if target.is_dir() and self.home.documents is not target:
                for inner in entry.iterdir():
                    inner.rename(target / inner.name)
            else:
                entry.rename(target)
        shutil.rmtree(coming)
        self.dropped.append(item)

    def rows(self) -> Sequence[JobRow]:
        """The board, with no connection left open: a fork would inherit it, and let go of its locks."""
        board = wiring.board(self.home)
        try:
            return board.rows()
        finally:
            board._connection().close()

    def tear(self) -> None:
        """What a power cut leaves of a line that was not on the disk yet."""
        trail = self.home.audit / "trail.jsonl"
        data = trail.read_bytes()
        last = data[data.rfind(b"\n", 0, -1) + 1 :]
        trail.write_bytes(data[: len(data) - min(self.next_cut, len(last) - 1)])
        self.torn += 1

    # -- what must be true ----------------------------------------------------------------------------------------
    def faults_now(self) -> list[str]:
        """After any death: whatever was saved lies in the inbox still, or is sealed and on the board."""
        lying = {path.read_bytes() for path in self.home.inbox.rglob("*") if path.is_file()}
        gone = [data for item in self.dropped if not item.sealed for _, data in item.files if data not in lying]
        gone += [
            data
            for item in self.dropped
            if item.sealed and not any((self.home.inbox / f"{name}.age").exists() for name, _ in item.files)
            for _, data in item.files
        ]
        sealed = self._sealed() if gone else set()
        return [
            f"lost: {sha256(data).hexdigest()[:8]} is neither in the inbox nor sealed"
            for data in gone
            if data not in sealed
        ]

    def faults_at_the_end(self) -> list[str]:
        """After a life that came to its end: all that can be wrong, a line each, with its kind before the colon."""
        return [
            *self.faults_now(),
            *self._of_the_rows(),
            *self._of_the_outbox(),
            *self._of_the_trail(),
            *self._left_behind(),
        ]

    def _sealed(self) -> set[bytes]:
        vault, found = wiring.vault(self.home), set()
        for row in self.rows():
            for source in manifest_from_bytes(vault.open(row.manifest)).sources:
                try:
                    found.add(vault.open(source.blob))
                except ChartdraftError:
                    continue
        return found

    def _manifests(self) -> list[tuple[JobRow, Manifest]]:
        vault = wiring.vault(self.home)
        return [(row, manifest_from_bytes(vault.open(row.manifest))) for row in self.rows()]

    def _of_the_rows(self) -> Iterator[str]:
        wanted = Counter(item.ends for item in self.dropped if item.ends in {"delivered", "attention"})
        derived = sum(manifest.route == "derived" for _, manifest in self._manifests())
        wanted["delivered"] += derived
        ended = Counter(row.state for row in self.rows())
        if ended != wanted:
            kind = "doubled" if ended.total() > wanted.total() else "lost"
            yield f"{kind}: the board has {dict(ended)}, not {dict(wanted)}"
        inbox = [
            path
            for path in self.home.inbox.rglob("*")
            if path.is_file() and path.name not in {"README.txt", "RECIPIENT.txt"}
        ]
        stay = sum(len(item.files) for item in self.dropped if item.ends == "left")
        if len(inbox) != stay:
            yield f"lost: {len(inbox)} files lie in the inbox, not {stay}"
        with closing(sqlite3.connect(self.home.workflow_store)) as db:
            states = {state for (state,) in db.execute("SELECT status FROM workflow_status")}
        if states - {"SUCCESS", "PENDING"}:  # a life may end between the end of a job and the note of its workflow
            yield f"lost: workflows are {states}"

    def _of_the_outbox(self) -> Iterator[str]:
        there = {path.name for path in self.home.outbox.iterdir()} - {"Status.html", "README.txt"}
        wanted = set(self._wanted_names())
        may = {outbox_name.left_name(item.stem) for item in self.dropped if LOCKED in item.stem}
        yield from (f"lost: {_ending(name)} is missing" for name in wanted - there)
        yield from (f"doubled: {_ending(name)} is too much" for name in there - wanted - may)

    def _wanted_names(self) -> Iterator[str]:
        known = wiring.documents(self.home)
        for row, manifest in self._manifests():
            same = {item.stem for item in self.dropped if item.files[0][1] and self._is(item, manifest)} - {
                manifest.stem
            }
            if manifest.route != "derived":
                yield from (outbox_name.duplicate_name(stem, manifest.short) for stem in same)
            for revision in range(1, row.revision + 1):
                if row.state == "attention":
                    yield outbox_name.failure_name(manifest.stem, manifest.short, revision=revision)
                    continue
                for suffix in (".docx", ".html"):
                    title = known[row.document].title
                    yield outbox_name.draft_name(manifest.stem, title, manifest.short, suffix=suffix, revision=revision)
        yield from (outbox_name.left_name(item.stem) for item in self.dropped if item.ends == "left")

    @staticmethod
    def _is(item: Item, manifest: Manifest) -> bool:
        hashes = {sha256(data).hexdigest() for _, data in item.files}
        return hashes == {source.source.sha256 for source in manifest.sources}

    def _of_the_trail(self) -> Iterator[str]:
        report = upkeep.verify_audit(self.home, None)
        if not report["ok"]:
            yield f"chain: {report['code']}"
            return
        events = Counter((link.event.event, link.event.job) for link in read_trail(self.home.audit))
        for row, manifest in self._manifests():
            times = row.revision
            wanted = {"item-derived" if manifest.route == "derived" else "item-claimed": 1}
            # One more where the command died between saying that it was asked and asking.
            if not times - 1 <= events["item-retried", row.id] <= times:
                yield f"chain: item-retried {events['item-retried', row.id]} times, not {times - 1}"
            if row.state == "delivered":
                wanted |= {"draft-delivered": times, "draft-checked": times, "item-routed": times}
                wanted["item-read"] = int(manifest.route != "derived")
            else:
                wanted |= {"item-failed": times}
            for event, count in wanted.items():
                if events[event, row.id] != count:
                    yield f"chain: {event} {events[event, row.id]} times, not {count}"
        repaired = sum(count for (event, _), count in events.items() if event == "trail-repaired")
        if repaired > self.torn:
            yield f"chain: repaired {repaired} times, torn {self.torn} times"

    def _left_behind(self) -> Iterator[str]:
        yield from (f"part: {path.relative_to(self.root).parts[:-1]}" for path in self.root.rglob("*.part"))
        yield from (f"part: {path.name}" for path in self.root.rglob(".coming"))
        for path in (self.root / "daemon.log", *(self.root / "state").rglob("*"), *(self.root / "copies").rglob("*")):
            if path.is_file():
                data = path.read_bytes().lower()
                yield from (f"plaintext: {path.name}" for word in CANARY.lower().split() if word.encode() in data)


def _ending(name: str) -> str:
    """The end of a name, which has no name of a patient."""
    return " - ".join(name.split(" - ")[1:])


def make_home(root: Path) -> Place:
    """A home that ran once already."""
    (root / "config.toml").write_text(SETTINGS)
    (root / "copies").mkdir()
    upkeep.set_up(load_home(root, None), root / "recovery.txt")
    place = Place(root)
    _must(live(root, Life()), 0, place)
    return place


def warm_up(first: Place, root: Path) -> None:
    """Load into this process what a life loads, and do once what is kept: patterns, word lists, templates."""
    place = all_of(load(), copy_home(first, root))
    _must(live(root, Life(tells=True)), 3, place)
    load_what_was_needed(root)
    for row in place.rows():
        if row.state == "delivered":
            made = handover.open_draft(place.home, row.id)
            known = wiring.documents(place.home)[row.document]
            verify(made, known)
            draft_step("x", known, Reading(made.sources, made.passages), Drafter(), QuickClock())
            label = Label("x", "abcd", 1, None)
            draft_docx(made, label, None)
            draft_html(made, label, None)
    draft_html_module._environment().get_template("status.html.j2")


def _must(code: int, wanted: int, place: Place) -> None:
    if code != wanted:
        raise RuntimeError(f"{code}: {(place.root / 'daemon.log').read_text()}")


def copy_home(first: Place, root: Path) -> Place:
    """Another one just like it, in a folder that is not there yet."""
    shutil.copytree(first.root, root)
    return Place(root)


def all_of(items: Iterable[Item], place: Place) -> Place:
    """With these in the inbox."""
    for item in items:
        place.drop(item)
    return place
