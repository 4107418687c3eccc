"""macOS: the text that `sandbox-exec` shuts the child in with.

The language (SBPL) is not documented by Apple; its operations and filters are those of the profiles in /System/Library/Sandbox.
Of several rules that hold the last one counts. It begins with `allow default`, which Metal needs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from daemon.adapters.sandbox.command import EngineCommand, child_command
from daemon.model.reach import Reach

SANDBOX_EXEC = "/usr/bin/sandbox-exec"

_ALWAYS = (
    "(version 1)",
    "(allow default)",
    "(deny network*)",
    "(deny file-write*)",
    '(allow file-write-data (literal "/dev/null"))',
    # Others would do for it what it may not: signals, Apple events, programs that are opened, jobs given to launchd, the keychain.
    "(deny signal)",
    "(allow signal (target self))",
    "(deny appleevent-send)",
    "(deny lsopen)",
    "(deny job-creation)",
    '(deny mach-lookup (global-name "com.apple.SecurityServer") (global-name "com.apple.securityd.xpc"))',
    # Nor leave words on the clipboard, which other devices share, or have something downloaded in its name.
    '(deny mach-lookup (global-name "com.apple.pasteboard.1") (global-name "com.apple.nsurlsessiond"))',
)


def profile(reach: Reach) -> str:
    """The text. What is readable is said again only where it lies below something hidden."""
    rules = list(_ALWAYS)
    for path, view in reach.views():
        if view == "hidden":
            rules.append(f"(deny file-read* (subpath {quoted(path)}))")
        elif any(path.is_relative_to(hidden) for hidden in reach.hidden):
            rules.append(f"(allow file-read* (subpath {quoted(path)}))")
    return "\n".join(rules) + "\n"


def quoted(path: Path) -> str:
    """A path as a string of SBPL, which is Scheme: only the quote and the backslash mean anything in one."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def command_line(command: EngineCommand, reach: Callable[[], Reach]) -> list[str]:
    """The child below `sandbox-exec`. What is hidden is asked for anew each time: folders may have been moved or mounted."""
    return [SANDBOX_EXEC, "-p", profile(reach()), *child_command(command)]


def trial() -> list[str]:
    """A command that succeeds where `sandbox-exec` can be used: inside another sandbox it cannot."""
    return [SANDBOX_EXEC, "-p", "(version 1)\n(allow default)\n", "/usr/bin/true"]
