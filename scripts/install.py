"""Installation, from the moment a Python is found: application folder, models, home, checks, service, a test memo.

Uses the standard library only, because it runs before anything is installed. Each step says one line first, and does
nothing that is done already, so it may be interrupted anywhere and repeated. On an installation that is there it
upgrades: the service runs on with the old version until the new one has passed `doctor`, and the old one comes back
if the new one does not start. `scripts/install` starts it.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import language_engine
import setup
from application import Application, Choices, copy_version, default_root
from install_models import choose_models, install_models
from installed import Installed, Paths, ServiceError
from questions import Questions
from setup_tools import SetupError, in_words, say
from test_memo import try_memo

CLONE = Path(__file__).resolve().parent.parent
_STEPS = 8
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_APART = "the home and the application folder may not lie in each other; please choose another --app."


def main(arguments: list[str]) -> int:
    """Install or upgrade. Exit status 1 and one sentence on stderr if that is not possible; what was there then goes on."""
    options = parse(arguments)
    # Nobody else may write what the service runs; its own account must be able to read the program and the models.
    os.umask(0o022 if options.system else os.umask(0o022) | 0o022)
    application = Application((options.app or default_root(system=options.system)).absolute())
    try:
        application.expect_fit()
        with application.alone() as lock:
            install(application, options, lock)
    except (SetupError, ServiceError) as error:
        print(f"Installation stopped: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        sentence = f"{in_words(error)}; please mend that, and the same command goes on from here."
        print(f"Installation stopped: {sentence}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Installation was interrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/install", description="From this clone to a running service. Safe to repeat; upgrades, too."
    )
    parser.add_argument("--home", type=Path, metavar="DIR", help="keep inbox, outbox and state below DIR")
    parser.add_argument("--app", type=Path, metavar="DIR", help="where the application itself goes")
    parser.add_argument("--system", action="store_true", help="for the whole machine, with an account of its own")
    parser.add_argument(
        "--models",
        metavar="WHICH",
        help="starter; recommended (asks for the names); or OWNER/NAME@COMMIT[:FILE.gguf], several with commas",
    )
    parser.add_argument("--recovery-out", type=Path, metavar="FILE", help="where the recovery key is written, once")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    parser.add_argument("--no-service", action="store_true", help="start nothing in the background")
    parser.add_argument("--no-test-memo", action="store_true", help="draft no test memo at the end")
    return parser.parse_args(arguments)


def install(application: Application, options: argparse.Namespace, lock: int) -> None:
    """All steps."""
    questions = Questions(wanted=not options.yes)
    before = application.choices()
    choices = chosen(options, before)
    step(1, "Looking at this machine")
    check_machine(application, choices)
    step(2, f"Copying the program to {application.root}")
    version = copy_version(CLONE, application)
    step(3, "Its environment and the starter models (0.4 GB; with the packages 1.5 GB)")
    make_environment(version, application, lock)
    new = Installed(version, choices)
    paths = new.paths()
    expect_apart(application, paths)
    step(4, "Models")
    wanted = choose_models(options.models, questions, is_upgrade=paths.has_keys)
    install_models(new, wanted, application, readable=choices.system)
    if application.in_use() is None:
        application.switch(version)
        application.record(choices)
    step(5, f"The home: {paths.inbox.parent}")
    new.set_up_home(ask_recovery(options.recovery_out, questions, paths), paths)
    for model in wanted:
        model.name_in_settings(paths.config)
    step(6, "Checking what must hold before patients' files come in (doctor)")
    expect_healthy(new)
    step(7, "Starting it in the background")
    runs = start(application, new, before)
    step(8, "A test memo, all the way")
    if options.no_test_memo:
        say("  left out, as asked.")
    else:
        try_memo(new, paths, CLONE / "samples" / "visit-memo.m4a", in_background=runs)
    application.remove_others(version)
    report(application, paths, runs=runs)


def step(number: int, what: str) -> None:
    """One line that says what begins."""
    say(f"[{number}/{_STEPS}] {what}")


def chosen(options: argparse.Namespace, before: Choices | None) -> Choices:
    """What is asked for now, else what was chosen before. Raises SetupError if the two contradict each other."""
    home = str(options.home.absolute()) if options.home else ""
    if before is None:
        return Choices(home or default_home(system=options.system), options.system, service=not options.no_service)
    if home and home != before.home:
        raise SetupError(
            f"this installation serves {before.home or 'the usual places'}; please leave --home out to upgrade it,"
            " or name another application folder with --app for a second one."
        )
    if options.system and not before.system:
        raise SetupError(
            "this installation is one person's; please run scripts/uninstall first to make it the machine's."
        )
    return Choices(before.home, before.system, service=not options.no_service)


def default_home(*, system: bool) -> str:
    """For one person the usual places, which is no home at all; for the machine a folder that every account can reach."""
    if not system:
        return ""
    return "/Users/Shared/Chartdraft" if platform.system() == "Darwin" else "/srv/chartdraft"


def check_machine(application: Application, choices: Choices) -> None:
    """Refuse early rather than fail late. Raises SetupError."""
    if choices.system and os.geteuid() != 0:
        raise SetupError("--system installs for the whole machine; please run the same command with sudo.")
    # Through sudo, what is made in a person's folders would be root's, and the person's service could not use it.
    if not choices.system and os.geteuid() == 0 and os.environ.get("SUDO_UID", "0") != "0":
        raise SetupError("please run it without sudo for this account, or with --system for the whole machine.")
    if _CONTROL.search(choices.home):
        raise SetupError("the home's name holds a line break or the like; please choose another --home.")
    home = Path(choices.home).resolve() if choices.home else None
    root = application.root.resolve()
    if home and (home.is_relative_to(root) or root.is_relative_to(home)):
        raise SetupError(_APART)
    if choices.system:
        expect_python_for_all(Path(sys.executable))
    setup.check_system(platform.mac_ver()[0])
    if not any(application.versions.glob("*/.venv/setup.json")):
        setup.check_disk(shutil.disk_usage(application.root).free)
    if not language_engine.is_built(CLONE):
        language_engine.check_compiler()


def expect_apart(application: Application, paths: Paths) -> None:
    """As above, for the usual places and for what the settings chose. Raises SetupError."""
    root = application.root.resolve()
    for folder in (paths.inbox, paths.outbox, paths.state):
        if folder.resolve().is_relative_to(root) or root.is_relative_to(folder.resolve()):
            raise SetupError(_APART)


def expect_python_for_all(python: Path) -> None:
    """A Python in somebody's own folders, as pyenv has it, is closed to the service's account. Raises SetupError."""
    found = python.resolve()
    if not all(place.stat().st_mode & stat.S_IXOTH for place in (found, *found.parents)):
        raise SetupError(
            f"other accounts may not run {found}, and the service has an account of its own; please name another Python,"
            " such as: sudo PYTHON=/usr/bin/python3 scripts/install --system"
        )


def make_environment(version: Path, application: Application, lock: int) -> None:
    """Run this version's own set-up in its folder, with the models in the folder that all versions share."""
    command = [sys.executable, str(version / "scripts" / "setup.py"), "--models-in", str(application.models)]
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False, pass_fds=(lock,)).returncode != 0:
        raise SetupError("the environment could not be made, for the reason above; the same command goes on from here.")


def ask_recovery(given: Path | None, questions: Questions, paths: Paths) -> Path:
    """Where the recovery key goes; the default stays on this machine, and is said to. Nobody is asked once there are keys."""
    if given:
        return given.expanduser().absolute()
    default = paths.inbox.parent / "recovery.txt"
    if paths.has_keys:
        return default
    if questions.possible:
        say("  The recovery key opens everything if this machine is lost. It belongs on a USB stick in a safe.")
    return Path(questions.ask("  Where shall it be written?", str(default))).expanduser().absolute()


def expect_healthy(new: Installed) -> None:
    """Show what doctor says. Raises SetupError if it refuses; nothing was stopped or switched by then."""
    code = new.run("doctor")
    if code == 0:
        return
    if code == 5:
        raise SetupError(
            "doctor refuses what is marked so above, and says how to mend it; then run the same command again."
            " What was installed before goes on."
        )
    raise SetupError(
        "this version cannot work with this home, for the reason above; what was installed before goes on."
    )


def start(application: Application, new: Installed, before: Choices | None) -> bool:
    """Stop the old version, switch, start the new one; whether it runs. Raises SetupError after the old one is back."""
    old_version = application.in_use()
    old = Installed(old_version, before) if before and old_version and old_version != new.version else None
    if new.paths().at_work and not new.runs():
        raise SetupError("a Chartdraft that was started by hand is at work on this home; please stop it first.")
    if before and before.service:
        new.stop_service()  # not by the old version's command, which may have lost its Python
    try:
        application.switch(new.version)
        runs = new.start_service() if new.choices.service else False
    except KeyboardInterrupt:
        say(f"  Interrupted.{put_back(application, new, old)}")
        raise
    except ServiceError as error:
        came_back = put_back(application, new, old)
        raise SetupError(f"the new version did not start: {error}{came_back}") from error
    application.record(new.choices)
    if not new.choices.service:
        say("  not asked for.")
    return runs


def put_back(application: Application, new: Installed, old: Installed | None) -> str:
    """Return to the version that was there; what came of that, in a sentence."""
    if old is None:
        return ""
    try:
        new.stop_service()
        application.switch(old.version)
        if old.choices.service:
            old.start_service()
    except ServiceError as error:
        # A home that the new version has brought up to date already is closed to the old one.
        application.switch(new.version)
        return f" The old version does not start any more either ({error}), so the new one stays; see doctor."
    return " The old version is back" + (" and runs." if old.choices.service else ".")


def report(application: Application, paths: Paths, *, runs: bool) -> None:
    """Where everything is, and what comes next."""
    say("")
    say("Chartdraft is installed." if runs else "Chartdraft is installed; nothing runs in the background.")
    say(f"  inbox    {paths.inbox}")
    say(f"  outbox   {paths.outbox}")
    say(f"  command  {application.command}  (for instance: {application.command.name} status)")
    if runs and platform.system() == "Darwin":
        say(
            "  macOS says that a background item was added: it must stay allowed (System Settings > General > Login Items)."
        )
        say("  If it asks whether Python may use a folder, please allow it; `doctor` says where, should it ask nobody.")
    if not runs:
        say(f"  Start it by hand: '{application.command}' run")
    say("  This clone is not needed any more. Remove the installation with scripts/uninstall, here or in")
    say(f"  {application.current}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
