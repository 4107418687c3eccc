"""Proofs from a trail on disk, and how far it is held from outside: what a person gets, and what nobody can forge."""

from __future__ import annotations

import json
import os
import shutil
import threading
from base64 import b64decode
from pathlib import Path

import pytest
from click.testing import Result
from pymerkle import InmemoryTree
from typer.testing import CliRunner

from daemon.adapters.audit import proving
from daemon.adapters.audit.checkpoint_copies import CheckpointCopies
from daemon.adapters.keys import Keys, init_keys
from daemon.cli.main import app
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.model.errors import PermanentError
from daemon.model.tlog_proof import EventProof, GrowthProof, parse_proof
from tests.fakes.clock import FakeClock
from tests.fakes.trails import make

EVENTS = 30


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> tuple[Path, list[str]]:
    """A trail over several files, and its checkpoints after each event."""
    folder = tmp_path_factory.mktemp("signed")
    log = make(folder, keys, archive_bytes=2_000)
    notes = []
    for n in range(EVENTS):
        log.record("read", key=f"read:{n}", pages=n)
        notes.append(log.checkpoint())
    return folder / "audit", notes


def lines_in(folder: Path) -> list[bytes]:
    return [line for path in sorted(folder.glob("trail*.jsonl")) for line in path.read_bytes().splitlines()]


def test_each_event_is_proven_under_each_checkpoint_that_reaches_it(signed: tuple[Path, list[str]], keys: Keys) -> None:
    folder, notes = signed
    theirs = InmemoryTree(algorithm="sha256")
    theirs.append_entries(lines := lines_in(folder))
    for seq in (0, 7, 8, EVENTS - 1):
        for size in {seq + 1, 16, EVENTS} - set(range(seq + 1)):
            proof = proving.prove_event(folder, keys.verifier, seq, notes[size - 1])
            assert (proof.line, proof.note) == (lines[seq], notes[size - 1])
            assert proof.path == theirs.prove_inclusion(seq + 1, size).path[1:]
            told = proving.check_proof(proof.text(), keys.verifier, None)
            assert (told["seq"], told["line"], told["checkpoint_lines"]) == (seq, lines[seq].decode(), size)


def test_the_text_is_that_of_tlog_proof(signed: tuple[Path, list[str]], keys: Keys) -> None:
    folder, notes = signed
    proof = proving.prove_event(folder, keys.verifier, 5)
    head, *rest = proof.text().split("\n")
    assert (head, rest[0].split(" ")[0], rest[1]) == ("c2sp.org/tlog-proof@v1", "extra", "index 5")
    assert b64decode(rest[0].split(" ")[1]) == lines_in(folder)[5]
    assert [b64decode(line) for line in rest[2:7]] == list(proof.path)
    assert "\n".join(rest[8:]) == notes[-1]


@pytest.mark.parametrize("old", [1, 2, 8, 13, 29, 30])
def test_growth_is_proven_from_each_checkpoint(signed: tuple[Path, list[str]], keys: Keys, old: int) -> None:
    folder, notes = signed
    text = proving.prove_growth(folder, keys.verifier, notes[old - 1]).text()
    assert text.startswith(f"old {old}\n")
    assert proving.check_proof(text, keys.verifier, notes[old - 1]) == {"old_lines": old, "checkpoint_lines": EVENTS}
    for other in {notes[old % EVENTS], None} - {notes[old - 1]}:
        with pytest.raises(PermanentError, match="audit-proof-invalid"):
            proving.check_proof(text, keys.verifier, other)


def test_a_proof_about_another_event_is_refused(signed: tuple[Path, list[str]], keys: Keys) -> None:
    folder, _ = signed
    proof = proving.prove_event(folder, keys.verifier, 5)
    forged = [
        EventProof(6, proof.path, proof.line, proof.note),
        EventProof(5, proof.path[:-1], proof.line, proof.note),
        EventProof(5, proof.path, proof.line.replace(b'"pages":5', b'"pages":6'), proof.note),
        EventProof(5, proof.path, proof.line, proof.note.replace(f"\n{EVENTS}\n", f"\n{EVENTS + 1}\n")),
        GrowthProof(5, proof.path, proof.note),
    ]
    for each in forged:
        with pytest.raises(PermanentError, match="audit-proof-invalid"):
            proving.check_proof(each.text(), keys.verifier, None)
    assert parse_proof("") is None


def test_a_proof_under_anothers_key_is_refused(signed: tuple[Path, list[str]], keys: Keys, tmp_path: Path) -> None:
    folder, notes = signed
    other = init_keys(tmp_path / "keys", tmp_path / "recovery.txt").verifier
    with pytest.raises(PermanentError, match="audit-proof-invalid"):
        proving.check_proof(proving.prove_event(folder, keys.verifier, 5).text(), other, None)
    with pytest.raises(PermanentError, match="audit-checkpoint-invalid"):
        proving.prove_event(folder, other, 5, notes[-1])


def test_what_no_checkpoint_reaches_is_not_proven(signed: tuple[Path, list[str]], keys: Keys, tmp_path: Path) -> None:
    folder, notes = signed
    for seq, note in ((EVENTS, None), (3, notes[2])):
        with pytest.raises(PermanentError, match="audit-unproven"):
            proving.prove_event(folder, keys.verifier, seq, note)
    with pytest.raises(PermanentError, match="audit-unproven"):
        proving.prove_event(tmp_path, keys.verifier, 0)


@pytest.mark.parametrize("edit", ["changed", "cut"])
def test_a_trail_that_is_not_what_was_signed_proves_nothing(
    signed: tuple[Path, list[str]], keys: Keys, tmp_path: Path, edit: str
) -> None:
    folder = shutil.copytree(signed[0], tmp_path / "audit")
    for path in sorted(folder.glob("trail*.jsonl"))[-2:]:
        path.chmod(0o600)
        path.write_bytes(path.read_bytes().replace(b'"job":"-"', b'"job":"x"') if edit == "changed" else b"")
    for prove in (lambda: proving.prove_event(folder, keys.verifier, 2), lambda: growth_of(folder, keys, signed[1][1])):
        with pytest.raises(PermanentError, match="audit-broken"):
            prove()


def growth_of(folder: Path, keys: Keys, note: str) -> GrowthProof:
    return proving.prove_growth(folder, keys.verifier, note)


def test_a_proof_takes_no_more_memory_from_a_long_trail(tmp_path: Path, keys: Keys) -> None:
    import tracemalloc

    log = make(tmp_path, keys)
    with log.batch():
        for n in range(4000):
            log.record("read", key=f"read:{n}")
    log.close()
    tracemalloc.start()
    try:
        proving.prove_event(tmp_path / "audit", keys.verifier, 17)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 400_000  # the trail is over a megabyte, the hashes of its lines 260,000


# -- how far it is held from outside --------------------------------------------------------------------------------------
@pytest.fixture
def practice(tmp_path: Path) -> Home:
    """A home with a second folder for checkpoints."""
    (tmp_path / "stick").mkdir()
    (tmp_path / "config.toml").write_text('[upkeep]\ncheckpoint_dir = "stick"\n')
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    return home


def record(home: Home, *names: str) -> None:
    from daemon import wiring

    log = wiring.audit(home)
    for name in names:
        log.record("opened", key=f"open:{name}", job="abc", what="draft")


def copy(home: Home) -> None:
    from daemon import wiring

    assert home.checkpoints is not None
    for thread in threading.enumerate():  # setting up and signing copy too, unasked, beside the work
        if thread.name == "checkpoint-copies":
            thread.join()
    CheckpointCopies(home.audit, home.checkpoints, wiring.keys(home).verifier, FakeClock()).copy_now()


def anchoring(home: Home, against: Path | None = None) -> tuple[object, ...]:
    report = upkeep.verify_audit(home, against)
    return tuple(report[each] for each in ("ok", "anchor", "lines", "anchored_lines", "signed_lines", "chain_lines"))


def test_copies_in_the_second_folder_anchor_the_trail(practice: Home, tmp_path: Path) -> None:
    copy(practice)
    assert anchoring(practice) == (True, "copies", 1, 1, 1, 0)
    record(practice, "a", "b")
    kept = tmp_path / "kept.txt"
    kept.write_text(upkeep.sign_checkpoint(practice))
    record(practice, "c", "d", "e")
    shutil.rmtree(tmp_path / "stick")
    assert anchoring(practice) == (True, "away", 6, 0, 3, 3)
    assert anchoring(practice, kept) == (True, "given", 6, 3, 3, 3)
    assert "cannot be read" in upkeep.verify_audit(practice, None)["in_words"]
    assert "3 by the chain alone" in upkeep.verify_audit(practice, kept)["in_words"]


def test_without_a_second_folder_nothing_is_anchored(tmp_path: Path) -> None:
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    record(home, "a")
    assert anchoring(home) == (True, "none", 2, 0, 1, 1)
    assert "nothing is kept outside this machine" in upkeep.verify_audit(home, None)["in_words"]


def test_a_trail_rewritten_with_this_machines_own_key_shows_against_a_copy(practice: Home, tmp_path: Path) -> None:
    """Whoever has the account has the key, too: a whole new history verifies, except where something was kept elsewhere."""
    record(practice, "a", "b", "c")
    upkeep.sign_checkpoint(practice)
    copy(practice)
    (kept,) = [path for path in (tmp_path / "stick").iterdir() if "000000004" in path.name]
    shutil.rmtree(practice.audit)
    record(practice, "a", "x", "c", "d")
    upkeep.sign_checkpoint(practice)
    report = upkeep.verify_audit(practice, None)
    assert (report["ok"], report["code"]) == (False, "checkpoint-root")
    assert upkeep.verify_audit(practice, kept)["code"] == "checkpoint-root"
    shutil.rmtree(tmp_path / "stick")
    assert anchoring(practice) == (True, "away", 4, 0, 4, 0)


def test_a_forged_copy_neither_anchors_nor_accuses(practice: Home, tmp_path: Path) -> None:
    copy(practice)
    (real,) = (tmp_path / "stick").iterdir()
    real.with_name(real.name.replace("000000001", "000000009")).write_text(real.read_text().replace("\n1\n", "\n9\n"))
    assert anchoring(practice) == (True, "copies", 1, 1, 1, 0)


def test_what_others_put_into_the_second_folder_keeps_nobody_from_the_copies(practice: Home, tmp_path: Path) -> None:
    copy(practice)
    (real,) = (tmp_path / "stick").iterdir()
    named = [real.with_name(real.name.replace("000000001", f"{n:09}")) for n in range(2, 7)]
    named[0].mkdir()
    os.mkfifo(named[1])
    named[2].symlink_to("/dev/zero")
    with named[3].open("wb") as file:
        file.truncate(10**10)
    named[4].symlink_to(tmp_path / "nothing")
    for n in range(10, 2_000):
        real.with_name(real.name.replace("000000001", f"{n:09}")).write_bytes(b"\x1b[2J\xff\n\n\n")
    assert anchoring(practice) == (True, "copies", 1, 1, 1, 0)


def test_an_older_checkpoint_that_is_given_takes_no_credit_for_what_the_copies_hold(
    practice: Home, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(upkeep.sign_checkpoint(practice))
    record(practice, "a", "b")
    upkeep.sign_checkpoint(practice)
    copy(practice)
    assert anchoring(practice, kept) == (True, "copies", 3, 3, 3, 0)
    assert "by the copies in checkpoint_dir" in upkeep.verify_audit(practice, kept)["in_words"]


def test_a_good_checkpoint_from_elsewhere_hides_no_forged_one_here(practice: Home, tmp_path: Path) -> None:
    kept, own = tmp_path / "kept.txt", practice.audit / "checkpoint.txt"
    kept.write_text(upkeep.sign_checkpoint(practice))
    own.write_text(own.read_text().replace("\n1\n", "\n9\n"))
    report = upkeep.verify_audit(practice, kept)
    assert (report["ok"], report["code"], report["file"]) == (False, "checkpoint-signature", "checkpoint.txt")


@pytest.mark.parametrize("what", ["/dev/zero", "/dev/urandom", "/", "/nowhere"])
def test_a_file_that_is_no_checkpoint_is_no_checkpoint(practice: Home, what: str) -> None:
    for command in (["verify", "--against"], ["consistency"], ["prove", "0", "--under"], ["check-proof"]):
        ended = run(practice.config.parent, "audit", *command, what)
        assert ended.exit_code != 0
        code = getattr(ended.exception, "code", "")
        assert code in {"audit-proof-invalid", "audit-checkpoint-invalid", "file-missing"} or ended.exit_code == 4


def test_a_line_that_somebody_planted_does_not_speak_to_the_terminal(practice: Home) -> None:
    with (practice.audit / "trail.jsonl").open("ab") as file:
        file.write(b"\x1b]0;all is well\x07\x9b2J\r\n")
    shown = run(practice.config.parent, "audit", "show").stdout
    assert shown.splitlines()[-1] == r"\x1b]0;all is well\x07\x9b2J\x0d"


def test_the_commands_print_proofs_that_check_without_the_home(practice: Home, tmp_path: Path) -> None:
    record(practice, "a", "b")
    old = tmp_path / "old.txt"
    old.write_text(run(tmp_path, "audit", "checkpoint").stdout)
    record(practice, "c")
    upkeep.sign_checkpoint(practice)
    key = shutil.copy(practice.keys / "audit-verifier.txt", tmp_path / "verifier.txt")
    for command, since in ((["prove", "2"], []), (["consistency", str(old)], ["--since", str(old)])):
        proof = tmp_path / f"{command[0]}.tlog-proof"
        proof.write_text(run(tmp_path, "audit", *command).stdout)
        as_json = json.loads(run(tmp_path, "audit", *command, "--json").stdout)
        assert as_json["checkpoint"] == (practice.audit / "checkpoint.txt").read_text()
        elsewhere = ("audit", "check-proof", str(proof), "--key", str(key), *since)
        assert run(tmp_path / "nowhere", *elsewhere).stdout.startswith("ok: ")
        assert json.loads(run(tmp_path / "nowhere", *elsewhere, "--json").stdout)["ok"]
        proof.write_text(proof.read_text().replace("A", "B", 1))
        refused = run(tmp_path / "nowhere", *elsewhere)
        assert (refused.stdout, getattr(refused.exception, "code", "")) == ("", "audit-proof-invalid")
    assert getattr(run(tmp_path, "audit", "prove", "99").exception, "code", "") == "audit-unproven"
    assert run(tmp_path, "audit", "verify", "--against", str(old)).stdout.splitlines()[1].startswith("anchored: ")


def run(home: Path, *command: str) -> Result:
    return CliRunner().invoke(app, ["--home", str(home), *command])
