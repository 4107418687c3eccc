"""Says as JSON where a home's folders are and what waits in them; runs inside an installed version, for its scripts."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from daemon.adapters.inbox.ignore_list import is_ignored
from daemon.config import load_home
from daemon.model.errors import ChartdraftError
from daemon.serving.one_instance import is_running


def main(arguments: list[str]) -> int:
    """`home_paths.py [--home DIR]`; exit status 1 and one sentence if the settings cannot be read."""
    home_dir = Path(arguments[1]) if arguments else None
    try:
        home = load_home(home_dir, None)
    except ChartdraftError as error:
        print(error, file=sys.stderr)
        return 1
    waiting = [path for path in home.inbox.rglob("*") if path.is_file()] if home.inbox.is_dir() else []
    found = {
        "inbox": str(home.inbox),
        "outbox": str(home.outbox),
        "state": str(home.state),
        "config": str(home.config),
        "moved": [name for name in ("inbox", "outbox", "state") if getattr(home.settings, f"{name}_dir")],
        "has_keys": home.keys.is_dir(),
        "at_work": is_running(home.lock),
        "waiting": sum(not any(map(is_ignored, path.relative_to(home.inbox).parts)) for path in waiting),
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
