# Sourced by setup, install and uninstall: `find_python WHAT` prints a Python that will do, or says that WHAT stopped.

# A name may be there and not work (a pyenv shim for a version that is not installed), so each candidate is run.
suitable() {
    "$1" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))' >/dev/null 2>&1 </dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        suitable "$PYTHON" && echo "$PYTHON" && return
        echo "$1 stopped: PYTHON names $PYTHON, which is not a working Python 3.11, 3.12 or 3.13." >&2
        return 1
    fi
    for candidate in .venv/bin/python python3.13 python3.12 python3.11 python3; do
        suitable "$candidate" && echo "$candidate" && return
    done
    echo "$1 stopped: no Python 3.11, 3.12 or 3.13 was found; please install one, or name it: PYTHON=/path/to/python3.12 ${0}" >&2
    return 1
}
