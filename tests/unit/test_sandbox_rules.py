"""What a child may see, and the words in which each system is told: exact, since most of it runs elsewhere than here."""

from __future__ import annotations

import errno
import fcntl
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.sandbox import bubblewrap, choose, places, seatbelt, witness
from daemon.adapters.sandbox.choose import Isolation
from daemon.adapters.sandbox.command import EngineCommand, child_command
from daemon.config import load_home
from daemon.model.isolation_proof import FILES, FOLDERS, WRITING, reached
from daemon.model.reach import Reach, carve

LLM = EngineCommand("llm", 2, 1_000_000_000)
DESK = Path("/Users/desk")
REACH = Reach(
    readable=(Path("/opt/venv"), DESK / "state" / "models"),
    hidden=(DESK / "Inbox", DESK / "state", DESK / "state" / "keys", Path("/opt/venv/home")),
)

# -- what holds for a path -------------------------------------------------------------------------------------------


def test_the_longer_path_counts_and_of_two_alike_the_hidden_one() -> None:
    assert REACH.view(DESK / "state" / "vault") == "hidden"
    assert REACH.view(DESK / "state" / "models" / "a.gguf") == "readable"
    assert REACH.view(Path("/opt/venv/lib")) == "readable"
    assert REACH.view(Path("/opt/venv/home/inbox")) == "hidden"
    assert REACH.view(Path("/opt/venvs")) is None
    assert Reach((Path("/a"),), (Path("/a"),)).view(Path("/a/b")) == "hidden"
    assert [path for path, _ in REACH.views()] == [
        Path("/opt/venv"), DESK / "Inbox", DESK / "state", Path("/opt/venv/home"), DESK / "state" / "models"
    ]  # fmt: skip


_NAMES = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(lambda parts: Path("/", *parts))
_TREE = [Path("/", *parts) for parts in ((x, y, z) for x in "abc" for y in "abc" for z in "abc")]


@given(st.lists(_NAMES, max_size=5), st.lists(_NAMES, max_size=5))
def test_without_exceptions_the_same_files_can_be_read(readable: list[Path], hidden: list[Path]) -> None:
    reach = Reach(tuple(readable), tuple(hidden))
    carved = carve(reach, lambda folder: [folder / name for name in "abc"] if len(folder.parts) < 4 else [])
    for file in _TREE:
        assert any(file.is_relative_to(path) for path in carved) == (reach.view(file) == "readable")


def test_a_link_in_a_folder_that_is_carved_lets_nothing_in(tmp_path: Path) -> None:
    for name in ("venv/lib", "venv/home", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "venv" / "link").symlink_to(tmp_path / "elsewhere")
    reach = Reach((tmp_path / "venv",), (tmp_path / "venv" / "home",))
    assert carve(reach, choose._children) == (tmp_path / "venv" / "lib",)


# -- macOS -----------------------------------------------------------------------------------------------------------


def test_the_text_for_macos() -> None:
    assert seatbelt.profile(REACH) == (
        "(version 1)\n"
        "(allow default)\n"
        "(deny network*)\n"
        "(deny file-write*)\n"
        '(allow file-write-data (literal "/dev/null"))\n'
        "(deny signal)\n"
        "(allow signal (target self))\n"
        "(deny appleevent-send)\n"
        "(deny lsopen)\n"
        "(deny job-creation)\n"
        '(deny mach-lookup (global-name "com.apple.SecurityServer") (global-name "com.apple.securityd.xpc"))\n'
        '(deny mach-lookup (global-name "com.apple.pasteboard.1") (global-name "com.apple.nsurlsessiond"))\n'
        '(deny file-read* (subpath "/Users/desk/Inbox"))\n'
        '(deny file-read* (subpath "/Users/desk/state"))\n'
        '(deny file-read* (subpath "/opt/venv/home"))\n'
        '(allow file-read* (subpath "/Users/desk/state/models"))\n'
    )
    line = seatbelt.command_line(LLM, lambda: REACH)
    assert line == ["/usr/bin/sandbox-exec", "-p", seatbelt.profile(REACH), *child_command(LLM)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ('/a "quoted" one', '"/a \\"quoted\\" one"'),
        ("/back\\slash", '"/back\\\\slash"'),
        ('/ends\\"', '"/ends\\\\\\""'),
        ('/x"))\n(allow network*)("', '"/x\\"))\n(allow network*)(\\""'),
        ("/Zoë ’s", '"/Zoë ’s"'),
    ],
)
def test_a_path_cannot_end_its_string(path: str, text: str) -> None:
    assert seatbelt.quoted(Path(path)) == text


@given(st.text(alphabet='ab"\\\n()', min_size=1))
def test_a_quoted_path_is_one_string_and_the_same_path(name: str) -> None:
    path = Path("/", name)
    text = seatbelt.quoted(path)
    inner, read = text[1:-1], ""
    while inner:  # as a reader of Scheme does
        taken, inner = (inner[1], inner[2:]) if inner[0] == "\\" else (inner[0], inner[1:])
        read += taken
    assert (text[0], text[-1], read) == ('"', '"', str(path))
    assert len(text[1:-1].replace("\\\\", "").replace('\\"', "").split('"')) == 1


def test_macos_compares_the_kernels_own_spelling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def spelled(place: int, what: int, _room: bytes) -> bytes:
        asked.append(what)
        return b"/private/var/Desk".ljust(1024, b"\0")

    monkeypatch.setattr(fcntl, "fcntl", spelled)
    assert places.true_path(tmp_path, "darwin") == Path("/private/var/Desk")
    assert asked == [50]
    assert places.true_path(tmp_path / "not there", "darwin") == tmp_path.resolve() / "not there"
    assert places.true_path(tmp_path, "linux") == tmp_path.resolve()


def test_all_that_is_a_homes_own_is_hidden_by_its_real_path(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    home = load_home(tmp_path / "link", None).model_copy(
        update={"checkpoints": Path("/mnt/second"), "volume": Path("/mnt/practice")}
    )
    real = tmp_path.resolve() / "real"
    assert set(places.reach(home, tmp_path).hidden) == {
        real / "inbox", real / "outbox", real / "state", real / "state" / "keys", real / "config.toml",
        real / "recovery.txt", Path("/mnt/second"), Path("/mnt/practice"),
    }  # fmt: skip


def test_a_mac_shuts_in_with_what_it_has_and_says_so_if_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[str, ...]] = []
    home = load_home(tmp_path, None)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(choose, "_works", lambda command: bool(tried.append(command)) or len(tried) == 1)
    found = choose.isolation(home, tmp_path / "models")
    line = found.command_line(LLM)
    assert found.name == "sandbox-exec"
    assert line[:2] == ["/usr/bin/sandbox-exec", "-p"]
    assert f'(deny file-read* (subpath "{tmp_path.resolve() / "state"}"))' in line[2]
    assert line[3:] == child_command(LLM)
    assert choose.isolation(home, tmp_path / "models") is choose.NO_ISOLATION
    assert tried == [("/usr/bin/sandbox-exec", "-p", "(version 1)\n(allow default)\n", "/usr/bin/true")] * 2


# -- Linux -----------------------------------------------------------------------------------------------------------


def test_the_command_line_for_bubblewrap(tmp_path: Path) -> None:
    (tmp_path / "venv" / "inbox").mkdir(parents=True)
    (tmp_path / "venv" / "config.toml").touch()
    venv, hidden = tmp_path / "venv", (tmp_path / "venv" / "inbox", tmp_path / "venv" / "config.toml")
    reach = Reach((Path("/usr"), venv), (*hidden, tmp_path / "venv" / "not there", Path("/srv/elsewhere")))
    assert bubblewrap.command_line(Path("/usr/bin/bwrap"), reach, [("usr/lib", Path("/lib"))], ["python", "-c", ""]) == [
        "/usr/bin/bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--proc", "/proc",
        "--dev-bind", "/dev/null", "/dev/null", "--dev-bind", "/dev/zero", "/dev/zero",
        "--dev-bind", "/dev/urandom", "/dev/urandom", "--symlink", "usr/lib", "/lib",
        "--ro-bind", "/usr", "/usr", "--ro-bind", str(venv), str(venv),
        "--ro-bind", "/dev/null", str(hidden[1]), "--tmpfs", str(hidden[0]), "--remount-ro", str(hidden[0]),
        "--remount-ro", "/", "--chdir", "/", "--", "python", "-c", "",
    ]  # fmt: skip


def test_what_is_told_to_the_launcher_is_what_may_be_read() -> None:
    line = choose.linux(("landlock", "seccomp"), Reach((Path("/usr"), Path("/opt/m")))).command_line(LLM)
    assert line == [
        sys.executable, "-P", "-s", "-B", "-m", "daemon.adapters.sandbox.enter", "landlock+seccomp", "2500000000",
        "/usr", "/opt/m", *places.OF_ITS_OWN, "--", "llm", "2",
    ]  # fmt: skip


def test_links_on_the_way_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "python-3.11.7" / "bin").mkdir(parents=True)
    (tmp_path / "python-3.11").symlink_to("python-3.11.7")
    (tmp_path / "current").symlink_to(tmp_path / "python-3.11")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "current" / "bin" / "python"))
    found = {link: says for says, link in places.links(Reach((Path("/usr"),)))}
    assert found[tmp_path / "current"] == str(tmp_path / "python-3.11")
    assert found[tmp_path / "python-3.11"] == "python-3.11.7"
    inside = places.links(Reach((tmp_path,)))
    assert tmp_path / "current" not in [link for _, link in inside]


def test_isolation_is_named_for_people() -> None:
    assert Isolation(("bubblewrap", "landlock", "seccomp"), child_command).name == "bubblewrap, landlock and seccomp"
    assert Isolation(("network", "seccomp"), child_command).name == "a network namespace and seccomp"
    assert Isolation(("sandbox-exec",), child_command).name == "sandbox-exec"
    assert choose.NO_ISOLATION.name == "nothing"


@pytest.mark.parametrize("refused", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EMFILE])
def test_a_family_that_nobody_here_may_use_needs_no_witness(
    refused: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.socket

    def restricted(family: int, kind: int) -> socket.socket:
        if family != socket.AF_UNIX:
            raise OSError(refused, "restricted")
        return real(family, kind)

    monkeypatch.setattr(witness.socket, "socket", restricted)
    if refused == errno.EMFILE:
        with pytest.raises(OSError, match="restricted"):
            dict(witness._listeners(str(tmp_path)))
    else:
        assert set(dict(witness._listeners(str(tmp_path)))) <= {"unix", "abstract"}


# -- the verdict -----------------------------------------------------------------------------------------------------

TRIED = ("tcp4", "udp", FILES, FOLDERS, WRITING)
NONE = dict.fromkeys(TRIED, False)


@pytest.mark.parametrize(
    ("told", "arrived", "written", "words"),
    [
        (NONE, {"tcp4": False}, False, ()),
        (NONE | {"tcp4": True}, {"tcp4": False}, False, ("the network",)),
        (NONE, {"tcp4": True}, False, ("the network",)),  # it lies: the witness saw it
        (NONE, {}, True, ("files to write to",)),
        (NONE | {FILES: 0}, {}, False, ("the keys",)),  # neither yes nor no
        ({**NONE, FOLDERS: None}, {}, False, ("the practice's folders",)),
        ({}, {}, False, ("the network", "the keys", "the practice's folders", "files to write to")),
        (NONE | {"unix": True}, {}, False, ()),  # not asked for
    ],
)
def test_what_was_not_denied_for_certain_was_reached(
    told: dict[str, object], arrived: dict[str, bool], written: bool, words: tuple[str, ...]
) -> None:
    assert reached(told, arrived, TRIED, written=written) == words
