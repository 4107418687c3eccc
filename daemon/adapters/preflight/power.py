"""Sleep, and what happens after a power cut: a machine in a cupboard has nobody to wake it."""

from __future__ import annotations

from daemon.adapters.preflight import machine_answers as answers
from daemon.adapters.preflight.check import account_name, unknown
from daemon.adapters.preflight.disks import file_vault
from daemon.adapters.preflight.system import System
from daemon.model.background_service import ServiceState, end_in_words, state_in_words
from daemon.model.preflight_check import Check

SLEEP, RESTART, START, SERVICE = "sleep", "power-restart", "start-after-power", "service"
_SLEEP_TARGETS = ("sleep.target", "suspend.target", "hibernate.target", "hybrid-sleep.target")
_MASK = "sudo systemctl mask sleep.target suspend.target hibernate.target hybrid-sleep.target"


def check_sleep(system: System) -> Check:
    """While the machine sleeps nothing is drafted. Work under way keeps it awake; what arrives later would wait."""
    return _mac_sleep(system) if system.mac else _linux_sleep(system)


def check_power_restart(system: System) -> Check:
    """After a power cut the Mac starts by itself. Portable Macs have no such setting, and a battery instead."""
    power = answers.parse_pmset(system.ask("/usr/bin/pmset", "-g", "custom") or b"")
    if not power:
        return unknown(RESTART, "whether this Mac starts by itself after a power cut", "pmset -g custom")
    if power.get("AC Power", {}).get("autorestart", 1 if "Battery Power" in power else 0):
        return Check(RESTART, "ok", "After a power cut this Mac starts by itself.")
    return Check(RESTART, "warn", "After a power cut this Mac stays off.", "sudo pmset -a autorestart 1")


def check_service(state: ServiceState | None) -> Check:
    """Chartdraft runs in the background. None: it could not be asked."""
    if state is None:
        return unknown(SERVICE, "whether the background service runs", "chartdraft service status")
    if state.installed and state.running:
        return Check(SERVICE, "ok", state_in_words(state))
    last = f" The last time {end_in_words(state)}." if state.installed and end_in_words(state) else ""
    mend = "chartdraft service restart" if state.installed else "chartdraft service install"
    return Check(SERVICE, "warn", f"{state_in_words(state)}{last}", mend)


def check_start(system: System, *, for_machine: bool) -> Check:
    """Whether Chartdraft runs after a restart although nobody logs in.

    A LaunchAgent runs only while its account is logged in; FileVault switches automatic login off (Apple, "Automatic login
    … FileVault"). A LaunchDaemon runs as soon as the disk has been unlocked by anybody. `for_machine`: it is installed as one, or
    as a unit of the system.
    """
    if not system.mac:
        return _linux_start(system, for_machine=for_machine)
    locked = file_vault(system) in ("on", "turning-on")
    if for_machine:
        wait = " Somebody has to unlock the disk once with a password." if locked else ""
        return Check(START, "ok", f"After a restart Chartdraft runs before anybody logs in.{wait}")
    if not locked and _logs_in_by_itself(system):
        return Check(START, "ok", "After a restart this account logs in by itself, and Chartdraft runs.")
    sentence = "After a restart or a power cut Chartdraft stands still until this account has logged in."
    return Check(START, "warn", sentence, "chartdraft service install --system")


def _mac_sleep(system: System) -> Check:
    power = answers.parse_pmset(system.ask("/usr/bin/pmset", "-g", "custom") or b"")
    minutes = power.get("AC Power", {}).get("sleep")
    if minutes is None:
        return unknown(SLEEP, "whether this Mac falls asleep", "pmset -g custom")
    if minutes:
        sentence = f"This Mac falls asleep after {minutes} minutes: what arrives then waits until somebody wakes it."
        return Check(SLEEP, "warn", sentence, "sudo pmset -c sleep 0")
    if power.get("Battery Power", {}).get("sleep"):
        return Check(SLEEP, "ok", "This Mac stays awake while it is plugged in; on its battery it falls asleep.")
    return Check(SLEEP, "ok", "This Mac does not fall asleep.")


def _linux_sleep(system: System) -> Check:
    enabled = (system.ask("systemctl", "is-enabled", *_SLEEP_TARGETS) or b"").split()
    if len(enabled) == len(_SLEEP_TARGETS) and set(enabled) == {b"masked"}:
        return Check(SLEEP, "ok", "This machine does not sleep.")
    action = answers.parse_idle_action(
        system.ask(
            "busctl", "get-property", "org.freedesktop.login1", "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager", "IdleAction",
        ) or b""
    )  # fmt: skip
    if action is None:
        return unknown(SLEEP, "whether this machine falls asleep", _MASK)
    if action in {"ignore", "lock"}:
        return Check(SLEEP, "ok", "The system does not fall asleep by itself (a desktop's own settings were not seen).")
    return Check(SLEEP, "warn", f"When nobody uses it, this machine does: {action}.", _MASK)


def _linux_start(system: System, *, for_machine: bool) -> Check:
    if for_machine:
        return Check(START, "ok", "After a restart Chartdraft runs before anybody logs in.")
    account = account_name()
    lingers = answers.parse_yes(system.ask("loginctl", "show-user", account, "-p", "Linger", "--value") or b"")
    if lingers is None:
        return unknown(
            START, "whether a user's services run before anybody logs in", "sudo loginctl enable-linger $USER"
        )
    if lingers:
        return Check(START, "ok", "This account's services run before anybody logs in.")
    sentence = "After a restart Chartdraft stands still until this account has logged in."
    return Check(START, "warn", sentence, "sudo loginctl enable-linger $USER")


def _logs_in_by_itself(system: System) -> bool:
    """`defaults read … autoLoginUser` prints the account's name, or that the pair does not exist (defaults(1))."""
    said = system.ask("/usr/bin/defaults", "read", "/Library/Preferences/com.apple.loginwindow", "autoLoginUser") or b""
    return said.decode(errors="replace").strip() == account_name()
