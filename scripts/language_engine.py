"""Builds llama-cpp-python once on a machine, so that its result runs on any computer of the same kind.

It is published as source only. llama.cpp's default compiles for exactly the processor it sees; in a virtual machine
whose processor advertises AMX that build dies with SIGILL at the first token (measured), so the portable one is built
(AVX2 on x86). On Apple silicon its own defaults stand, Metal included.

pip keeps the wheels that it builds and does not tell two builds of one version with different CMAKE_ARGS apart, so pip's
cache is not used. Ours is keyed by the source and the flags, and a wheel's SHA-256 is checked before it is used again.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from setup_tools import SetupError, run_logged, say

# Chartdraft has no use for the part that reads images, nor for llama.cpp's common library: half of the compiling, and
# what is not built cannot be attacked.
_INCLUDE = Path(__file__).resolve().with_suffix(".cmake")
_FLAGS = ["-DLLAVA_BUILD=OFF", f"-DCMAKE_PROJECT_llama_cpp_INCLUDE={shlex.quote(str(_INCLUDE))}"]
_PORTABLE = ["-DGGML_NATIVE=OFF"]
_RECORD = "sha256"
_NO_COMPILER = {
    "Darwin": "a C++ compiler is needed and none works; please run `xcode-select --install`.",
    "Linux": "a C++ compiler is needed and none works; please install one (Debian: `apt install g++`).",
}


def install(python: Path, root: Path, log: Path) -> None:
    """Install the wheel of this machine's cache into the venv of `python`, building it first if there is none."""
    wheel = cached_wheel(root) or build(python, root, log)
    say("Installing the language engine …")
    command = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--force-reinstall",
        str(wheel),
    ]
    if run_logged(command, log, dict(os.environ)) != 0:
        raise SetupError(f"the language engine could not be installed; see {log}.")


def is_built(root: Path) -> bool:
    """Whether a wheel for these flags lies in the cache, unaltered."""
    return cached_wheel(root) is not None


def cmake_args() -> str:
    """The flags of the build: portable, except on Apple silicon; what the person sets in CMAKE_ARGS comes last."""
    apple_silicon = (platform.system(), platform.machine()) == ("Darwin", "arm64")
    return " ".join([*_FLAGS, *([] if apple_silicon else _PORTABLE), os.environ.get("CMAKE_ARGS", "")]).strip()


def build_key(root: Path) -> str:
    """What the wheel depends on. The Python is not part of it: the wheel is py3-none, its library is loaded by ctypes."""
    system = [platform.system(), platform.machine(), *platform.libc_ver(), platform.mac_ver()[0].split(".")[0]]
    chosen = [os.environ.get(name, "") for name in ("CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS")]
    pins = [(root / "requirements" / name).read_text(encoding="utf-8") for name in ("llm.txt", "build.txt")]
    # The same in every clone, also in a folder whose name has to be quoted.
    flags = cmake_args().replace(shlex.quote(str(_INCLUDE)), _INCLUDE.read_text(encoding="utf-8"))
    return hashlib.sha256("\0".join([*pins, flags, *system, *chosen]).encode()).hexdigest()[:32]


def cache_dir() -> Path:
    """Where this person's computer keeps what can be made again (XDG base directories; on a Mac, Library/Caches)."""
    if platform.system() == "Darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "chartdraft" / "wheels"


def cached_wheel(root: Path) -> Path | None:
    """The wheel that was built here with these flags, if its bytes are those that were built."""
    folder = cache_dir() / build_key(root)
    wheels = sorted(folder.glob("llama_cpp_python-*.whl"))
    record = folder / _RECORD
    if len(wheels) == 1 and record.is_file() and record.read_text(encoding="utf-8") == _sha256(wheels[0]):
        return wheels[0]
    return None


def check_compiler() -> None:
    """Compile a few lines of C++17: a Mac without its tools has a `c++` that only asks for them."""
    compiler = os.environ.get("CXX") or shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    sentence = _NO_COMPILER.get(platform.system(), _NO_COMPILER["Linux"])
    if not compiler:
        raise SetupError(sentence)
    with tempfile.TemporaryDirectory() as folder:
        command = [*compiler.split(), "-x", "c++", "-std=c++17", "-", "-o", str(Path(folder) / "probe")]
        program = b"#include <string_view>\nint main() { return std::string_view().size(); }\n"
        try:
            done = subprocess.run(command, input=program, capture_output=True, check=False)
        except OSError as error:
            raise SetupError(sentence) from error
    if done.returncode != 0:
        raise SetupError(sentence)


def build(python: Path, root: Path, log: Path) -> Path:
    """Build the wheel with the pinned tools of the venv and put it into the cache, whole or not at all."""
    say("Building the language engine (5 to 10 minutes on two cores, once on this machine) …")
    folder = cache_dir() / build_key(root)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".build-", dir=folder.parent) as temporary:
        target = Path(temporary) / "wheel"
        command = [str(python), "-m", "pip", "wheel", "--no-input", "--no-deps", "--no-build-isolation"]
        command += ["--no-cache-dir", "--no-binary", "llama-cpp-python", "--require-hashes", "--wheel-dir", str(target)]
        command += ["-r", str(root / "requirements" / "llm.txt")]
        environment = os.environ | {
            "CMAKE_ARGS": cmake_args(),
            "CMAKE_BUILD_PARALLEL_LEVEL": str(usable_cores()),
            "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",  # the pinned cmake and ninja
        }
        if run_logged(command, log, environment) != 0:
            raise SetupError(f"the language engine could not be built; see the end of {log}.")
        wheel = next(target.glob("*.whl"))
        (target / _RECORD).write_text(_sha256(wheel), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        target.rename(folder)
    return folder / wheel.name


def usable_cores() -> int:
    """The cores that this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
