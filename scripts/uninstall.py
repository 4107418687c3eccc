"""Uninstallation: the service and the application folder go; what was made of patients' files stays unless told otherwise.

Standard library only: it also runs from the folder that it removes. `scripts/uninstall` starts it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from application import Application, Choices, default_root
from installed import Installed, Paths, ServiceError
from questions import Questions
from setup_tools import SetupError, in_words, say

_WORD = "delete"
_UNDER_WAY = ("waiting", "reading", "drafting", "checking", "attention")


def main(arguments: list[str]) -> int:
    """Uninstall. Exit status 1 and one sentence on stderr if that is refused; then nothing was removed."""
    parser = argparse.ArgumentParser(
        prog="scripts/uninstall",
        description="Remove the service and the application folder. Inbox, outbox, vault, keys, audit trail and settings stay.",
    )
    parser.add_argument("--app", type=Path, metavar="DIR", help="the application folder, if it is not the usual one")
    parser.add_argument("--system", action="store_true", help="the installation of the whole machine")
    parser.add_argument("--delete-everything", action="store_true", help="remove what was made of patients' files, too")
    parser.add_argument("--force", action="store_true", help="with --delete-everything: also what was never drafted")
    parser.add_argument("--confirm", metavar="WORD", default="", help=f"answers --delete-everything: {_WORD}")
    options = parser.parse_args(arguments)
    application = Application((options.app or default_root(system=options.system)).absolute())
    try:
        expect_installed(application)
        with application.alone():
            uninstall(application, options)
    except (SetupError, ServiceError) as error:
        print(f"Uninstallation stopped: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Uninstallation stopped: {in_words(error)}; please mend that and run it again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Uninstallation was interrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def expect_installed(application: Application) -> tuple[Choices, Path]:
    """What was chosen, and the version in use. Raises SetupError if nothing is there, or it is not this account's to remove."""
    choices, version = application.choices(), application.in_use()
    if choices is None or version is None:
        raise SetupError(f"nothing is installed in {application.root}; --app names another folder.")
    if choices.system and os.geteuid() != 0:
        raise SetupError("this installation is the whole machine's; please run the same command with sudo.")
    return choices, version


def uninstall(application: Application, options: argparse.Namespace) -> None:
    """All of it, the application folder last, so that an interrupted uninstallation can be repeated."""
    choices, version = expect_installed(application)
    if version.is_dir():  # else an uninstallation that was interrupted is completed
        let_go(application, Installed(version, choices), options)
    elif options.delete_everything:
        raise SetupError("which home it served cannot be asked any more; please leave --delete-everything out.")
    say(f"Removing {application.root}, with the models, which can be downloaded again …")
    if left := application.remove():
        say(f"Left alone there, because the installation did not make it: {', '.join(path.name for path in left)}")
    if choices.system:
        say("The service's own account, _chartdraft, stays: what is kept belongs to it.")


def let_go(application: Application, installed: Installed, options: argparse.Namespace) -> None:
    """All but the application folder: the service, and the home if that is to go. Raises SetupError, ServiceError."""
    paths = installed.paths()
    expect_apart(application, paths)
    if options.delete_everything:
        expect_home(paths)
        if not options.force:
            expect_nothing_waiting(installed, paths)
        confirm(paths, options.confirm)
    say("Stopping the service …")
    installed.stop_service()
    if installed.paths().at_work:
        raise SetupError("a Chartdraft that was started by hand is at work on this home; please stop it first.")
    if options.delete_everything:
        delete_home(paths)
    else:
        tell_what_stays(paths)


def expect_apart(application: Application, paths: Paths) -> None:
    """Raises SetupError if a folder of the home lies in what is removed, by whatever link or setting it came there."""
    removed = [application.versions.resolve(), application.models.resolve()]
    for folder in (paths.inbox, paths.outbox, paths.state, paths.config):
        if any(folder.resolve().is_relative_to(place) for place in removed):
            raise SetupError(f"{folder} lies in the application folder; please move it elsewhere first.")


def expect_home(paths: Paths) -> None:
    """Raises SetupError if the folders are not a home's: then install.json or the settings were changed."""
    if not paths.has_keys:
        raise SetupError(
            f"there are no keys in {paths.state}, so this is not the home that was installed; nothing was deleted."
        )


def expect_nothing_waiting(installed: Installed, paths: Paths) -> None:
    """Raises SetupError while something was put in that no draft came of."""
    counts = installed.counts()
    jobs = sum(counts.get(state, 0) for state in _UNDER_WAY)
    if jobs or paths.waiting:
        raise SetupError(
            f"{paths.waiting} files wait in the inbox and {jobs} items are not delivered (`chartdraft status`);"
            " please let them finish or take them out, or add --force to delete them as well."
        )


def confirm(paths: Paths, given: str) -> None:
    """Say what will be lost, and ask for a word. Raises SetupError without it."""
    say("This deletes for good:")
    say(f"  {paths.state}: the sealed originals and drafts, the keys, the audit trail")
    say(f"  {paths.inbox} and {paths.outbox}, with every draft that lies there")
    say(f"  {paths.config}: the settings")
    say(
        "An audit trail must often be kept for six years (45 CFR 164.316(b)(2)(i)): first copy it, `chartdraft audit export`."
    )
    say("The recovery key then opens nothing any more: all that it could open is gone.")
    word = given or Questions(wanted=True).ask(f"Type the word {_WORD} to go on:", "")
    if word != _WORD:
        raise SetupError(
            f"the word {_WORD} was not given, so nothing was deleted (--confirm gives it without a terminal)."
        )


def delete_home(paths: Paths) -> None:
    """Delete the home's folders where they are the usual ones; a folder that the settings chose may hold other things."""
    for name in ("inbox", "outbox", "state"):
        folder: Path = getattr(paths, name)
        if name in paths.moved or folder.is_symlink():
            say(f"Left alone, because the settings chose it: {folder}")
        elif mounted := mounted_in(folder):
            say(f"Left alone, because another disk or a share is mounted there: {mounted}")
        elif folder.exists():
            say(f"Deleting {folder} …")
            shutil.rmtree(folder)
    paths.config.unlink(missing_ok=True)
    for folder in {paths.inbox.parent, paths.config.parent}:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def mounted_in(folder: Path) -> Path | None:
    """The first folder, it or below it, that is another disk's: what lies there was not all made here."""
    return next((Path(place) for place, _, _ in os.walk(folder) if os.path.ismount(place)), None)


def tell_what_stays(paths: Paths) -> None:
    """Where it lies."""
    say("This stays, and the next scripts/install takes it up:")
    for name, what in (("inbox", ""), ("outbox", ""), ("state", "vault, keys, audit trail"), ("config", "settings")):
        say(f"  {name:<8} {getattr(paths, name)}" + (f"  ({what})" if what else ""))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
