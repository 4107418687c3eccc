"""How fast the vault seals and opens one large file, beside the `age` program on the same file, and what memory it takes.

Both read the same file from the same folder and write into that folder, in turns. The vault also works out the SHA-256 on both
ways, checks it against the blob's name, and has what it sealed on the disk before it answers; `age` does none of it, so its time
is told with an fsync of its output and without. The vault is timed inside its process, one fresh process a run, whose peak
memory is what is told; `age` is timed with its start, which takes milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from daemon.adapters.keys import init_keys, load_keys
from daemon.adapters.vault.age_vault import AgeVault
from daemon.wiring import SystemClock

MEGABYTE = 1_000_000


def main() -> None:
    """Measure, and print a table."""
    options = _options()
    if options.child:
        print(json.dumps(_child(Path(options.folder), options.child)))
        return
    with tempfile.TemporaryDirectory(prefix="chartdraft-bench-", dir=options.folder) as made:
        folder = Path(made)
        _make(folder, options.megabytes)
        rounds = [_round(folder) for _ in range(options.rounds)]
    _print(rounds, options.megabytes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench-vault", description="The vault's speed beside age's own program."
    )
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--folder", default=None, help="where to work; the usual place for temporary files if not given"
    )
    parser.add_argument("--child", choices=["seal", "pour"], help=argparse.SUPPRESS)
    return parser.parse_args()


def _make(folder: Path, megabytes: int) -> None:
    init_keys(folder / "keys", folder / "recovery.txt")
    (folder / "vault").mkdir()
    with (folder / "plain").open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(MEGABYTE))


def _round(folder: Path) -> dict[str, float]:
    """One of each, and afterwards as before."""
    identity = folder / "keys" / "identity.txt"
    recipient = load_keys(folder / "keys").identity.recipient
    took = {
        "age encrypts": _timed(["age", "-r", recipient, "-o", folder / "sealed", folder / "plain"]),
        "age fsync": _synced(folder / "sealed"),
        "age decrypts": _timed(["age", "-d", "-i", identity, "-o", folder / "opened", folder / "sealed"]),
    }
    (folder / "opened").unlink()
    (folder / "sealed").unlink()
    for act in ("seal", "pour"):
        command = [sys.executable, __file__, "--child", act, "--folder", str(folder)]
        done = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        took |= {f"vault {act}s": done["seconds"], f"vault {act}s, processor": done["used"]}
        took |= {f"vault {act}s, peak MB": done["peak_megabytes"]}
    (folder / "opened").unlink()
    for blob in (folder / "vault" / "blobs").rglob("*.age"):
        blob.unlink()
    return took


def _child(folder: Path, act: str) -> dict[str, float]:
    vault = AgeVault(folder / "vault", load_keys(folder / "keys"), SystemClock())
    began, used = time.perf_counter(), _used()
    if act == "seal":
        with (folder / "plain").open("rb") as stream:
            sealed = vault.seal(stream)
        seconds = time.perf_counter() - began
        (folder / "blob").write_text(sealed.blob)
    else:
        with (folder / "opened").open("wb") as sink:
            vault.pour((folder / "blob").read_text(), sink)
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": seconds,
        "used": _used() - used,
        "peak_megabytes": peak / (1e6 if sys.platform == "darwin" else 1e3),
    }


def _timed(command: list[str | Path]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def _used() -> float:
    """Processor seconds of this process and its threads so far."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def _synced(path: Path) -> float:
    began = time.perf_counter()
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return time.perf_counter() - began


def _print(rounds: list[dict[str, float]], megabytes: int) -> None:
    names = list(rounds[0])
    for name in names:
        values = [each[name] for each in rounds]
        unit = "" if name.endswith("MB") else " s"
        print(f"{name:22} median {statistics.median(values):7.3f}{unit}   all {' '.join(f'{v:.2f}' for v in values)}")
    ratios = [
        (
            (each["age encrypts"] + each["age decrypts"]) / (each["vault seals"] + each["vault pours"]),
            (each["age encrypts"] + each["age fsync"] + each["age decrypts"])
            / (each["vault seals"] + each["vault pours"]),
        )
        for each in rounds
    ]
    plain, synced = (statistics.median(column) for column in zip(*ratios, strict=True))
    peak = max(each[name] for each in rounds for name in names if name.endswith("peak MB"))
    print(f"{megabytes} MB, {len(rounds)} rounds: the vault's speed over age's, median of the rounds: {plain:.2f};")
    print(f"age with an fsync of what it encrypts: {synced:.2f}. The vault's largest peak: {peak:.1f} MB.")


if __name__ == "__main__":
    main()
