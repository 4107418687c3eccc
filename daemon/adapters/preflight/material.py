"""What the daemon works with: keys, models, documents, the audit trail and its checkpoints elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from daemon.adapters.audit.files import TRAIL
from daemon.adapters.preflight.check import refused
from daemon.model.audit_chain import MAX_LINE_BYTES, parse_line
from daemon.model.checkpoint_copy import CheckpointCopy
from daemon.model.drafting_fitness import IN_WORDS, REMEMBER, Choice
from daemon.model.errors import ChartdraftError
from daemon.model.preflight_check import Check, Level

CHECKPOINT_DAYS = 7
_INSTALL_AGAIN = "scripts/setup, which installs Chartdraft again"
_MENDS = {
    "keys-open": "chmod 600 the files in {keys}",
    "keys-missing": "restore {keys} from its backup",
    "keys-elsewhere": "chartdraft rekey --keep-recovery",
    "keychain-missing": 'keys_in = "file" in config.toml',
    "keychain-locked": "log in, and unlock the login Keychain",
    "rekey-unfinished": "chartdraft rekey",
    "config-missing": "chartdraft init",
    "audit-broken": "chartdraft audit verify",
    "audit-checkpoint-invalid": "chartdraft audit verify",
}


def check_keys(load: Callable[[], object], place: Path = Path("state/keys"), kept_in: str = "file") -> Check:
    """The keys are there, whole and private; so is the recovery recipient that everything is sealed to as well."""
    try:
        load()
    except ChartdraftError as error:
        return refused("keys", error.code, _MENDS.get(error.code, "").format(keys=shlex.quote(str(place))))
    where = f"the login Keychain, the others in {place}" if kept_in == "keychain" else str(place)
    return Check(
        "keys",
        "ok",
        f"The keys are there, the recovery key's public half too; this machine's lies in {where}, for this account alone.",
    )


def check_recovery(places: tuple[Path, ...]) -> Check:
    """The recovery identity belongs off this machine."""
    for place in places:
        if place.exists():
            sentence = f"The recovery key still lies at {place}; move it off this machine."
            mend = f"copy {shlex.quote(str(place))} to two sticks kept apart, then delete it here"
            return Check("recovery-here", "warn", sentence, mend)
    return Check("recovery-here", "ok", "The recovery key is not in its first place any more.")


def check_model(code: str, name: str, verify: Callable[[], object], *, needed: bool = True) -> Check:
    """A model's files are the ones that were installed. One that is not `needed` as things are set is a warning."""
    try:
        verify()
    except ChartdraftError as error:
        level: Level = "refuse" if needed else "warn"
        mend = f"chartdraft models install {shlex.quote(name)}"
        return Check(code, level, f"{name}: {error.text.sentence}", mend, error.code)
    return Check(code, "ok", f"The model {name} is as it was installed.")


def check_decoding(decode: Callable[[], None], *, needed: bool = True) -> Check:
    """The language model decodes one token, in a child: a crash there is reported as a crash, not suffered."""
    code = "decode-one-token"
    try:
        decode()
    except ChartdraftError as error:
        level: Level = "refuse" if needed else "warn"
        mend = 'scripts/setup, which builds the engine for this machine; or set drafter = "quoting"'
        return Check(code, level, f"The language model could not decode a token: {error}", mend, error.code)
    return Check(code, "ok", "The language model decoded a token in a child process.")


def check_drafter(model: str, choose: Callable[[], Choice], broken: Sequence[Path] = ()) -> Check:
    """What writes the drafts, in which manner, and why. `model` is the language model that the settings name; `broken` are files
    of measurements that cannot be read."""
    code = "drafter"
    try:
        choice = choose()
    except ChartdraftError as error:
        return Check(code, "warn", f"What writes the drafts is not known: {error}", _INSTALL_AGAIN, error.code)
    written = f"Drafts are written by {model}, {IN_WORDS[choice.manner]}"
    quoted = "Drafts are quotes" + ("" if choice.fit else f", not written by {model}")
    sentence = f"{written if choice.drafter == 'llm' else quoted}: {choice.reason}."
    if broken:
        unread = f"No measurement counts of {', '.join(map(str, broken))}, which cannot be read."
        return Check(code, "warn", f"{sentence} {unread}", REMEMBER)
    if choice.fit:
        return Check(code, "ok", sentence)
    return Check(code, "warn", sentence, "; or ".join(_ways_to_a_writer(choice, model)))


def _ways_to_a_writer(choice: Choice, model: str) -> Iterator[str]:
    """What can be done where a model is not known to be fit: measure it, have another, or mean it so."""
    if not choice.installed:
        yield f"chartdraft models install {shlex.quote(model)}"
    elif choice.can_measure:
        yield REMEMBER
    elif choice.drafter == "quoting":
        yield "install a model that is fit (`chartdraft models list` shows which are)"
    yield 'drafter = "auto" in config.toml' if choice.drafter == "llm" else 'drafter = "quoting" in config.toml'


def check_documents(load: Callable[[], object]) -> Check:
    """The practice's own documents and handouts are valid; what is wrong is told with file, key and reason."""
    try:
        load()
    except ChartdraftError as error:
        return Check("documents", "refuse", str(error), "mend the file as shown, or remove it", error.code)
    return Check("documents", "ok", "The documents and handouts are valid.")


def check_audit(report: Callable[[], bool]) -> Check:
    """The audit trail verifies."""
    try:
        whole = report()
    except ChartdraftError as error:
        return refused("audit", error.code, _MENDS.get(error.code, ""))
    return (
        Check("audit", "ok", "The audit trail verifies.")
        if whole
        else refused("audit", "audit-broken", _MENDS["audit-broken"])
    )


def last_event_time(audit: Path) -> datetime | None:
    """When the last event of the trail happened, by its last line alone; None where there is none that can be read."""
    try:
        with (audit / TRAIL).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - 2 * MAX_LINE_BYTES))
            lines = file.read().split(b"\n")
    except OSError:
        return None
    link = parse_line(lines[-2]) if len(lines) > 1 else None
    return link.event.time if link else None


def check_checkpoints(
    folder: Path | None, state: Path, copies: Callable[[Path], Sequence[CheckpointCopy]], today: date
) -> Check:
    """A signed checkpoint lies on another disk than the trail: without one, a cut of the trail's end together with its own
    checkpoint would not be seen (DESIGN 4). `copies` lists this home's in a folder; what is in them `audit verify` looks at."""
    code, other = "checkpoint-outside", "set checkpoint_dir in config.toml ([upkeep]) to a folder on another disk"
    if folder is None:
        return Check(code, "warn", "No copy of the audit trail's checkpoints is kept on another disk.", other)
    try:
        days = [copy.day for copy in copies(folder)]
        same_disk = folder.stat().st_dev == state.stat().st_dev
    except (OSError, ChartdraftError):
        sentence = f"The folder for copies of checkpoints cannot be read: {folder}."
        return Check(code, "warn", sentence, f"plug that disk in; or {other}")
    if same_disk:
        return Check(code, "warn", "The copies of checkpoints lie on the same disk as the audit trail.", other)
    if not days or today - max(days) > timedelta(days=CHECKPOINT_DAYS):
        sentence = f"The newest checkpoint on another disk is missing or older than {CHECKPOINT_DAYS} days."
        return Check(code, "warn", sentence, "chartdraft audit checkpoint")
    return Check(code, "ok", "A recent checkpoint lies on another disk.")


def check_schema(look: Callable[[], object]) -> Check:
    """The home was not written by a newer version than this."""
    try:
        look()
    except ChartdraftError as error:
        return refused("schema", error.code, "install the newer version again")
    return Check("schema", "ok", "This version can work with this home.")
