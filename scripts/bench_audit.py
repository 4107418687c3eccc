"""The audit trail's speed on this machine: `scripts/bench-audit [--events N] [--runs N] [--json]`.

A trail of a million events, in archives as the daemon keeps them, is made in a temporary folder; then each measure is taken in a fresh
process of its own: verification (wall and processor seconds, peak memory), one proof, and appends with the wait for the disk and
without. Processor time is what the figure is about where others use the machine as well.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from daemon.adapters.audit import log as audit_log
from daemon.adapters.audit.files import archive_name, closing_name
from daemon.adapters.audit.log import ARCHIVE_BYTES, CHECKPOINT, AuditLog
from daemon.adapters.audit.proving import prove_event
from daemon.adapters.audit.reader import verify_trail
from daemon.adapters.keys import Keys, init_keys, load_keys
from daemon.model.audit_chain import AuditEvent, ChainHead
from daemon.model.signed_note import Checkpoint, sign_checkpoint
from daemon.wiring import SystemClock

APPENDS = 2_000
BEGAN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
STEPS: tuple[tuple[str, str, dict[str, str | int]], ...] = (
    ("item-claimed", "claim", {"bytes": 481_223, "sources": 1}),
    ("item-routed", "route", {"document": "soap", "reason": "folder"}),
    ("item-read", "read", {"passages": 31}),
    ("draft-checked", "check", {"document": "soap", "findings": 2}),
    ("draft-delivered", "deliver", {"document": "soap", "revision": 1}),
    ("opened", "open", {"by": "clinician", "uid": 501, "what": "draft"}),
)
"""What an item leaves in the trail, as a practice's days are."""


def event(number: int) -> AuditEvent:
    """One of a trail's events; the keys and ids are as long as the daemon's."""
    item, step = divmod(number, len(STEPS))
    name, verb, facts = STEPS[step]
    job = f"{item * 0x9E3779B97F4A7C15 % 2**128:032x}"[:26]
    return AuditEvent(name, f"{verb}:{job}:{step}", BEGAN + timedelta(seconds=97 * number), job, facts)


def make_trail(folder: Path, keys: Keys, count: int) -> None:
    """A trail of so many events, with its archives' and its last checkpoint."""
    folder.mkdir()
    head, number, made = ChainHead(), 1, 0
    while made < count:
        lines: list[bytes] = []
        size = 0
        while made < count and size < ARCHIVE_BYTES:
            lines.append(head.append(event(made)) + b"\n")
            made, size = made + 1, size + len(lines[-1])
        note = signed(head, keys)
        if made < count:
            (folder / archive_name(number)).write_bytes(b"".join(lines))
            (folder / closing_name(number)).write_text(note)
            number += 1
            say(f"  {made:,}")
        else:
            (folder / "trail.jsonl").write_bytes(b"".join(lines))
            (folder / CHECKPOINT).write_text(note)


def signed(head: ChainHead, keys: Keys) -> str:
    """A checkpoint over the trail so far."""
    return sign_checkpoint(Checkpoint(keys.verifier.name, head.seq, head.tree.root()), keys.verifier, keys.sign)


def measure_verify(home: Path) -> dict[str, float]:
    """Seconds for the whole trail, as `chartdraft audit verify` goes about it."""
    keys = load_keys(home / "keys")
    began, used = time.perf_counter(), time.process_time()
    report = verify_trail(home / "audit", keys.verifier)
    wall, processor = time.perf_counter() - began, time.process_time() - used
    if not report.ok:
        raise SystemExit(f"the trail does not verify: {report.code}")
    return {"events": report.lines, "wall_seconds": wall, "processor_seconds": processor}


def measure_prove(home: Path) -> dict[str, float]:
    """Seconds for one proof."""
    keys = load_keys(home / "keys")
    began = time.perf_counter()
    prove_event(home / "audit", keys.verifier, 123)
    return {"wall_seconds": time.perf_counter() - began}


def measure_append(home: Path) -> dict[str, float]:
    """Milliseconds for an event at the end of the long trail: the median and the slowest of a hundred, with and without fsync."""
    log = AuditLog(home / "audit", load_keys(home / "keys"), SystemClock())
    began = time.perf_counter()
    log.record("opened", key="append:first", job="abc", by="clinician", uid=501)
    found = {"first_seconds": time.perf_counter() - began}
    for named, sync in (("fsync", audit_log.sync_file), ("no_fsync", lambda _: None)):
        audit_log.sync_file = sync  # type: ignore[assignment]  # what is measured is everything beside it
        each = sorted(append_ms(log, f"append:{named}:{n}") for n in range(APPENDS))
        found |= {f"{named}_median_ms": each[APPENDS // 2], f"{named}_p99_ms": each[APPENDS * 99 // 100]}
    return found


def append_ms(log: AuditLog, key: str) -> float:
    """Milliseconds for one event."""
    began = time.perf_counter()
    log.record("opened", key=key, job="abc", by="clinician", uid=501, what="draft")
    return (time.perf_counter() - began) * 1000


MEASURES = {"verify": measure_verify, "prove": measure_prove, "append": measure_append}


def in_process(measure: str, home: Path) -> dict[str, float]:
    """One measure in a process of its own, with that process's peak memory."""
    done = subprocess.run([sys.executable, __file__, "--measure", measure, str(home)], capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def peak_megabytes() -> float:
    """Of this process; Linux counts KiB, macOS bytes (man 2 getrusage)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1_000_000 if platform.system() == "Darwin" else peak * 1024 / 1_000_000


def main() -> None:
    """Make the trail, take the measures, print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3, help="of the verification; the quickest counts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "HOME"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        found = MEASURES[asked.measure[0]](Path(asked.measure[1]))
        print(json.dumps(found | {"peak_megabytes": peak_megabytes()}))
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        say(f"making a trail of {asked.events:,} events")
        make_trail(home / "audit", init_keys(home / "keys", home / "recovery.txt"), asked.events)
        megabytes = sum(path.stat().st_size for path in (home / "audit").glob("*.jsonl")) / 1e6
        verified = [verified_once(home, run, asked.runs) for run in range(1, asked.runs + 1)]
        say("one proof, and appends")
        results = {
            "machine": f"{platform.system()} {platform.machine()}, load {os.getloadavg()[0]:.1f}",
            "trail_megabytes": megabytes,
            "verify": verified,
            "prove": in_process("prove", home),
            "append": in_process("append", home),
        }
    print(json.dumps(results, indent=1) if asked.json else in_words(results, verified))


def verified_once(home: Path, run: int, runs: int) -> dict[str, float]:
    """One verification, told of before and after."""
    say(f"verification {run} of {runs}")
    found = in_process("verify", home)
    say(f"  {found['wall_seconds']:.1f} s, {found['processor_seconds']:.1f} s of the processor's")
    return found


def say(words: str) -> None:
    """How far it is, at once and apart from the results."""
    print(words, file=sys.stderr, flush=True)


def in_words(results: dict[str, object], verified: list[dict[str, float]]) -> str:
    """The results for a person."""
    events = verified[0]["events"]
    wall, processor = (min(run[name] for run in verified) for name in ("wall_seconds", "processor_seconds"))
    prove, append = results["prove"], results["append"]
    assert isinstance(prove, dict) and isinstance(append, dict)  # noqa: PT018 - of this file's own making
    return (
        f"{results['machine']}\n"
        f"verify  {events:.0f} events ({results['trail_megabytes']:.0f} MB): {events / wall:,.0f} a second, "
        f"{events / processor:,.0f} a processor second, peak {max(run['peak_megabytes'] for run in verified):.0f} MB\n"
        f"prove   one event: {prove['wall_seconds']:.1f} s, peak {prove['peak_megabytes']:.0f} MB\n"
        f"append  median {append['fsync_median_ms']:.2f} ms with fsync, {append['no_fsync_median_ms']:.2f} ms without "
        f"(99 %: {append['no_fsync_p99_ms']:.2f} ms)"
    )


if __name__ == "__main__":
    main()
