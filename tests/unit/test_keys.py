"""Keys are made once, in an order that no crash can turn into a recipient without an identity, and kept private."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from daemon.adapters import age
from daemon.adapters.keys import Keys, check_signature, init_keys, load_keys
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.signed_note import NoteKey

FILES = {"recovery.pub", "identity.txt", "content-id.key", "audit-signing.key", "audit-verifier.txt"}
SECRETS = {"identity.txt", "content-id.key", "audit-signing.key"}


@pytest.fixture
def made(tmp_path: Path) -> Keys:
    return init_keys(tmp_path / "keys", tmp_path / "recovery.txt")


def recovery_of(path: Path) -> str:
    identity = age.parse_identity(path.read_text())
    assert identity is not None
    return identity.recipient


def test_all_keys_are_made_private_and_load_as_they_were_made(tmp_path: Path, made: Keys) -> None:
    folder = tmp_path / "keys"
    assert {path.name for path in folder.iterdir()} == FILES
    assert {path.stat().st_mode & 0o777 for path in (*folder.iterdir(), tmp_path / "recovery.txt")} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert load_keys(folder) == made
    assert made.recovery == recovery_of(tmp_path / "recovery.txt") != made.identity.recipient


def test_init_again_changes_nothing_and_writes_no_second_recovery_key(tmp_path: Path, made: Keys) -> None:
    assert init_keys(tmp_path / "keys", tmp_path / "other.txt") == made
    assert not (tmp_path / "other.txt").exists()


def test_the_recovery_identity_is_nowhere_in_the_state(tmp_path: Path, made: Keys) -> None:
    identity = age.parse_identity((tmp_path / "recovery.txt").read_text())
    assert identity is not None
    assert not any(identity.secret in path.read_text(errors="replace") for path in (tmp_path / "keys").iterdir())


def test_no_secret_shows_when_keys_are_printed(made: Keys) -> None:
    shown = repr(made) + str(made) + repr(made.identity)
    assert made.identity.secret not in shown
    assert "SECRET" not in shown
    assert repr(made.content_id_key) not in shown
    assert repr(made.audit_seed) not in shown


@pytest.mark.parametrize("present", range(6))
def test_a_start_that_died_after_any_file_is_finished(tmp_path: Path, present: int) -> None:
    """The files appear in a fixed order; whatever prefix of it is there, the next start completes it."""
    folder, out = tmp_path / "keys", tmp_path / "recovery.txt"
    first = init_keys(folder, out)
    order = [out, *(folder / name for name in ("recovery.pub", "identity.txt", "content-id.key", "audit-signing.key"))]
    (folder / "audit-verifier.txt").unlink()
    for path in order[present:]:
        path.unlink()
    again = init_keys(folder, out)
    assert again == load_keys(folder)
    assert again.recovery == recovery_of(out)
    assert (again.recovery == first.recovery) == (present >= 1)
    assert (again.identity == first.identity) == (present >= 3)


def test_a_recovery_file_written_before_a_crash_is_the_one_that_is_used(tmp_path: Path) -> None:
    out = tmp_path / "recovery.txt"
    early = init_keys(tmp_path / "first", out)
    assert init_keys(tmp_path / "second", out).recovery == early.recovery


@pytest.mark.parametrize("content", [b"my own notes", b"", b"\xff\xfe"])
def test_a_file_that_is_no_recovery_key_is_neither_used_nor_overwritten(tmp_path: Path, content: bytes) -> None:
    out = tmp_path / "recovery.txt"
    out.write_bytes(content)
    with pytest.raises(PermanentError, match="recovery-unusable"):
        init_keys(tmp_path / "keys", out)
    assert out.read_bytes() == content
    assert not (tmp_path / "keys" / "recovery.pub").exists()


def test_the_recovery_key_must_not_lie_among_the_keys(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="recovery-unusable"):
        init_keys(tmp_path / "keys", tmp_path / "keys" / "identity.txt")


def test_a_folder_that_is_not_there_for_the_recovery_key_leaves_no_recipient(tmp_path: Path) -> None:
    with pytest.raises(ChartdraftError, match="recovery-unusable"):
        init_keys(tmp_path / "keys", tmp_path / "no" / "such" / "recovery.txt")
    assert not any((tmp_path / "keys").iterdir())


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_lost_key_is_reported_and_never_made_anew(tmp_path: Path, made: Keys, name: str) -> None:
    folder = tmp_path / "keys"
    (folder / name).unlink()
    with pytest.raises(PermanentError, match="keys-missing"):
        load_keys(folder)
    if name != "audit-verifier.txt":
        with pytest.raises(PermanentError, match="keys-missing"):
            init_keys(folder, tmp_path / "recovery.txt")
        assert not (folder / name).exists()


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_damaged_key_is_reported(tmp_path: Path, made: Keys, name: str) -> None:
    (tmp_path / "keys" / name).write_bytes(b"age1")
    with pytest.raises(PermanentError, match="keys-missing"):
        load_keys(tmp_path / "keys")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, made: Keys, name: str, mode: int) -> None:
    (tmp_path / "keys" / name).chmod(mode)
    with pytest.raises(PermanentError, match="keys-open"):
        load_keys(tmp_path / "keys")


def test_the_audit_key_signs_what_its_verifier_checks(made: Keys) -> None:
    assert check_signature(made.verifier.public_key, made.sign(b"message"), b"message")
    assert not check_signature(made.verifier.public_key, made.sign(b"message"), b"massage")
    assert not check_signature(made.verifier.public_key, b"short", b"message")
    assert NoteKey.parse(str(made.verifier)) == made.verifier


@pytest.mark.needs("age-keygen")
def test_identity_files_are_those_of_age_keygen(tmp_path: Path, made: Keys) -> None:
    for path, recipient in (
        (tmp_path / "keys" / "identity.txt", made.identity.recipient),
        (tmp_path / "recovery.txt", made.recovery),
    ):
        told = subprocess.run(["age-keygen", "-y", path], capture_output=True, text=True, check=True).stdout
        assert told.strip() == recipient
