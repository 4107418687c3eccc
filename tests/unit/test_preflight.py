"""Preflight: each unsafe set-up is refused by its code, and a home as `init` makes it passes."""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from daemon.adapters import preflight
from daemon.adapters.home_setup import EXAMPLE_CONFIG, KeysWanted, seal_for, set_up_home
from daemon.adapters.keys import Keys, load_keys
from daemon.adapters.preflight import Check, Folders, check_folders
from daemon.documents.loader import load_documents
from daemon.model.drafting_fitness import REMEMBER, Candidate, Measured, choose
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import PermanentError, RetryableError


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    set_up(tmp_path)
    return Folders(tmp_path / "inbox", tmp_path / "outbox", tmp_path / "state")


def set_up(home: Path) -> bool:
    return set_up_home(
        inbox=home / "inbox",
        outbox=home / "outbox",
        private=(home / "state", home / "state" / "vault"),
        keys=KeysWanted(home / "state" / "keys", home / "recovery.txt"),
        config=home / "config.toml",
        documents=("soap", "intake"),
    )


def levels(folders: Folders, *, agreement: bool = False) -> dict[str, str]:
    """What was found (the error's code, else the check's) → level, of all that is not well."""
    checks = check_folders(folders, cloud_agreement=agreement)
    return {check.error or check.code: check.level for check in checks if check.level != "ok"}


def test_a_home_as_it_is_set_up_is_safe(folders: Folders) -> None:
    assert levels(folders) == {}
    assert preflight.check_keys(lambda: load_keys(folders.state / "keys")).level == "ok"
    assert "lies in the login Keychain" in preflight.check_keys(lambda: None, folders.state, "keychain").sentence
    assert f"lies in {folders.state}," in preflight.check_keys(lambda: None, folders.state, "file").sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f._replace(outbox=f.inbox),
        lambda f: f._replace(outbox=f.inbox / "soap"),
        lambda f: f._replace(inbox=f.state / "vault"),
        lambda f: f._replace(state=f.inbox / "soap"),
        lambda f: f._replace(outbox=f.state / ".." / "inbox"),
    ],
)
def test_folders_that_overlap_are_refused(folders: Folders, change: Callable[[Three], Three]) -> None:
    three = change(Three(folders.inbox, folders.outbox, folders.state))
    assert levels(Folders(*three))["folders-overlap"] == "refuse"


class Three(NamedTuple):
    """Inbox, outbox and state, to be changed one by one."""

    inbox: Path
    outbox: Path
    state: Path


def test_folders_that_only_begin_alike_are_apart(tmp_path: Path) -> None:
    for name in ("in", "in-out", "in-state"):
        (tmp_path / name).mkdir(mode=0o700)
    assert levels(Folders(tmp_path / "in", tmp_path / "in-out", tmp_path / "in-state")) == {}


@pytest.mark.parametrize("name", ["inbox", "outbox", "state"])
def test_a_folder_that_is_a_link_is_refused(folders: Folders, name: str) -> None:
    folder: Path = getattr(folders, name)
    folder.rename(folder.with_name("real"))
    folder.symlink_to(folder.with_name("real"))
    assert levels(folders) == {"folder-symlink": "refuse"}


def test_a_link_that_leads_into_another_folder_is_an_overlap(folders: Folders) -> None:
    shutil.rmtree(folders.outbox)
    folders.outbox.symlink_to(folders.inbox)
    assert levels(folders) == {"folders-overlap": "refuse", "folder-symlink": "refuse"}


@pytest.mark.parametrize("name", ["inbox", "outbox", "state"])
def test_a_folder_that_is_missing_or_a_file_is_refused(folders: Folders, name: str) -> None:
    folder: Path = getattr(folders, name)
    shutil.rmtree(folder)
    assert levels(folders)[f"folder-{name}"] == "refuse"
    folder.write_text("")
    assert levels(folders)[f"folder-{name}"] == "refuse"


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701, 0o770, 0o704])
def test_a_state_folder_that_others_may_enter_is_refused(folders: Folders, mode: int) -> None:
    folders.state.chmod(mode)
    assert levels(folders) == {"folder-open": "refuse"}


def test_a_state_folder_of_another_account_is_refused(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: folders.state.stat().st_uid + 1)
    assert levels(folders) == {"folder-open": "refuse"}


@pytest.mark.parametrize(("name", "level"), [("inbox", "refuse"), ("outbox", "warn"), ("state", "refuse")])
def test_a_folder_that_may_not_be_written(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, name: str, level: str
) -> None:
    closed = getattr(folders, name)
    monkeypatch.setattr(os, "access", lambda path, mode: path != closed)
    assert levels(folders) == {f"folder-{name}": level}


def mend_of(folders: Folders, code: str) -> str:
    return next(check.mend for check in check_folders(folders, cloud_agreement=False) if check.code == code)


@pytest.mark.parametrize("code", ["folder-inbox", "state-private"])
def test_a_folder_is_given_to_this_account_but_never_taken_from_the_service(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    owner = folders.state.stat().st_uid
    monkeypatch.setattr(os, "access", lambda path, mode: path != folders.inbox)
    monkeypatch.setattr(os, "geteuid", lambda: owner + 12_345)
    monkeypatch.setenv("LOGNAME", "somebody-else")
    folder = folders.inbox if code == "folder-inbox" else folders.state
    assert mend_of(folders, code).startswith(f"sudo chown -R {owner + 12_345} {folder}")
    monkeypatch.setattr(pwd, "getpwnam", lambda _: SimpleNamespace(pw_uid=owner))
    assert "chown" not in mend_of(folders, code)
    assert "with sudo" in mend_of(folders, code)


@pytest.mark.parametrize(("name", "level"), [("inbox", "refuse"), ("outbox", "warn"), ("state", "refuse")])
def test_what_macos_keeps_a_program_out_of_is_said_with_where_to_allow_it(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, name: str, level: str
) -> None:
    closed, scan = getattr(folders, name), os.scandir

    def refusing(path: Path) -> object:
        if path == closed:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert levels(folders) == {f"folder-{name}": level}
    assert f"Full Disk Access: add {Path(sys.executable).resolve()}" in mend_of(folders, f"folder-{name}")


@pytest.mark.parametrize("name", ["identity.txt", "content-id.key", "audit-signing.key"])
def test_a_key_that_others_may_read_is_refused(folders: Folders, name: str) -> None:
    (folders.state / "keys" / name).chmod(0o640)
    check = preflight.check_keys(lambda: load_keys(folders.state / "keys"))
    assert (check.code, check.level, check.error) == ("keys", "refuse", "keys-open")


def test_a_key_that_is_gone_is_refused(folders: Folders) -> None:
    (folders.state / "keys" / "identity.txt").unlink()
    check = preflight.check_keys(lambda: load_keys(folders.state / "keys"))
    assert (check.code, check.level, check.error) == ("keys", "refuse", "keys-missing")


def test_a_broken_document_is_refused_with_its_file_key_and_reason(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('key = "mine"\ntitle = "Mine"\naccepts = ["letter"]\n')
    check = preflight.check_documents(lambda: load_documents(tmp_path))
    assert (check.code, check.level, check.error) == ("documents", "refuse", "document-invalid")
    assert "mine.toml" in check.sentence
    assert preflight.check_documents(lambda: load_documents(None)).level == "ok"


@pytest.mark.parametrize("name", ["inbox", "outbox", "state"])
def test_a_folder_in_a_cloud_is_refused_unless_there_is_an_agreement(tmp_path: Path, name: str) -> None:
    places = {key: tmp_path / key for key in ("inbox", "outbox", "state")}
    places[name] = tmp_path / "OneDrive - Practice" / name
    for place in places.values():
        place.mkdir(parents=True, mode=0o700)
    assert levels(Folders(**places)) == {"folder-cloud": "refuse"}
    assert levels(Folders(**places), agreement=True) == {"folder-cloud": "warn"}
    (said,) = (check for check in check_folders(Folders(**places), cloud_agreement=False) if check.level == "refuse")
    assert "OneDrive" in said.sentence
    assert name in said.sentence


@pytest.mark.parametrize(
    ("free", "level"), [(499_999_999, "refuse"), (500_000_000, "warn"), (4_999_999_999, "warn"), (5_000_000_000, "ok")]
)
def test_a_disk_with_too_little_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12 - free, free))
    assert preflight.check_disk(tmp_path).level == level


def failing(error: Exception) -> Callable[[], Any]:
    def fail() -> Any:
        raise error

    return fail


def test_checks_say_in_the_catalogs_words_what_failed() -> None:
    altered = preflight.check_model("model-speech", "whisper", failing(PermanentError("model-altered")))
    said = f"whisper: {CATALOG['model-altered'].sentence}"
    assert altered == Check("model-speech", "refuse", said, "chartdraft models install whisper", "model-altered")
    crashed = preflight.check_decoding(failing(RetryableError("engine-crashed")))
    assert (crashed.code, crashed.level) == ("decode-one-token", "refuse")
    assert "(engine-crashed)" in crashed.sentence
    assert preflight.check_audit(lambda: False).error == "audit-broken"
    assert (
        preflight.check_audit(failing(PermanentError("audit-checkpoint-invalid"))).error == "audit-checkpoint-invalid"
    )
    for well in (
        preflight.check_audit(lambda: True),
        preflight.check_model("model-speech", "whisper", lambda: None),
        preflight.check_decoding(lambda: None),
        preflight.check_unknown_folders(0),
    ):
        assert well.level == "ok"
    assert preflight.check_unknown_folders(2).level == "warn"


MEASURED = Measured("a" * 64, "", "statement", "a corpus", 100, 600, 0.0, 1.0, 1.0, 1.0, 0)
MODEL = Candidate("a" * 64, "", 98_000_000)
BAD, QUOTING = replace(MEASURED, high_rate=0.5), 'drafter = "quoting" in config.toml'


@pytest.mark.parametrize(
    ("drafter", "model", "measured", "level", "said", "mend"),
    [
        ("auto", MODEL, [MEASURED], "ok", "Drafts are written by tiny, statement by statement: measured on a corpus: 0 % of 600", ""),
        ("quoting", MODEL, [], "ok", "Drafts are quotes: the settings say so.", ""),
        ("auto", MODEL, [], "warn", "Drafts are quotes, not written by tiny: nobody has measured it", f"{REMEMBER}; or {QUOTING}"),
        ("auto", MODEL, [BAD], "warn", "Drafts are quotes, not written by tiny: measured on a corpus: 50 %", f"install a model that is fit (`chartdraft models list` shows which are); or {QUOTING}"),
        ("auto", None, [], "warn", "Drafts are quotes, not written by tiny: it is not installed.", f"chartdraft models install tiny; or {QUOTING}"),
        ("llm", MODEL, [], "warn", "Drafts are written by tiny, statement by statement: the settings say so, although", f'{REMEMBER}; or drafter = "auto" in config.toml'),
        ("llm", MODEL, [BAD], "warn", "Drafts are written by tiny, statement by statement: the settings say so, although", 'drafter = "auto" in config.toml'),
        ("auto", replace(MODEL, said=True), [], "ok", "Drafts are written by tiny, statement by statement: whoever installed it said", ""),
    ],
)  # fmt: skip
def test_what_writes_the_drafts_is_told_with_why_and_what_to_do(
    drafter: Any, model: Candidate | None, measured: list[Measured], level: str, said: str, mend: str
) -> None:
    check = preflight.check_drafter("tiny", lambda: choose(drafter, "auto", model, measured))
    assert (check.code, check.level, check.mend) == ("drafter", level, mend)
    assert check.sentence.startswith(said)
    assert check.sentence[-1] == "."


def test_measurements_that_cannot_be_read_and_an_altered_adapter_are_told() -> None:
    unread = preflight.check_drafter("tiny", lambda: choose("auto", "auto", MODEL, []), [Path("/x/measured.json")])
    assert (unread.level, unread.mend) == ("warn", REMEMBER)
    assert unread.sentence.endswith("No measurement counts of /x/measured.json, which cannot be read.")
    altered = preflight.check_drafter("tiny", failing(RetryableError("adapter-altered")))
    assert (altered.level, altered.error) == ("warn", "adapter-altered")
    assert "install Chartdraft again" in altered.sentence


def test_a_recovery_key_that_still_lies_here_is_warned_of(tmp_path: Path) -> None:
    place = tmp_path / "recovery.txt"
    assert preflight.check_recovery((place,)).level == "ok"
    place.write_text("")
    assert preflight.check_recovery((place,)).level == "warn"


# -- setting a home up -----------------------------------------------------------------------------------------------


def test_setting_up_makes_what_is_missing_and_replaces_nothing(tmp_path: Path) -> None:
    assert set_up(tmp_path)
    assert (tmp_path / "inbox" / "soap").is_dir()
    assert (tmp_path / "config.toml").read_bytes() == EXAMPLE_CONFIG.read_bytes()
    keys, recovery = load_keys(tmp_path / "state" / "keys"), (tmp_path / "recovery.txt").read_bytes()
    (tmp_path / "config.toml").write_text("settle_seconds = 9")
    (tmp_path / "inbox" / "RECIPIENT.txt").unlink()
    (tmp_path / "state").chmod(0o755)
    assert not set_up(tmp_path)
    assert load_keys(tmp_path / "state" / "keys") == keys
    assert (tmp_path / "recovery.txt").read_bytes() == recovery
    assert (tmp_path / "config.toml").read_text() == "settle_seconds = 9"
    assert keys.recovery in (tmp_path / "inbox" / "RECIPIENT.txt").read_text()
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "inbox").write_text("a file")
    with pytest.raises(RetryableError, match="state-unwritable"):
        set_up(tmp_path)


@pytest.fixture
def keys(folders: Folders) -> Keys:
    return load_keys(folders.state / "keys")


def test_sealing_appears_whole_or_not_at_all_and_replaces_nothing(tmp_path: Path, keys: Keys) -> None:
    memo, target = tmp_path / "memo.m4a", tmp_path / "memo.m4a.age"
    with pytest.raises(PermanentError, match="file-missing"):
        seal_for(keys.recipients, memo, target)
    assert not target.exists()
    memo.write_bytes(b"Zebulon Quatermass")
    seal_for(keys.recipients, memo, target)
    sealed = target.read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1")
    assert b"Zebulon" not in sealed
    with pytest.raises(PermanentError, match="file-exists"):
        seal_for(keys.recipients, memo, target)
    assert target.read_bytes() == sealed
    with pytest.raises(RetryableError, match="target-unwritable"):
        seal_for(keys.recipients, memo, tmp_path / "nothing" / "memo.age")
