"""The recovery drill, run as it stands in the docs: with the recovery key and the age program, and nothing of ours."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
from pathlib import Path

import pytest

from daemon import wiring
from daemon.adapters import age
from daemon.adapters.vault.names import Names
from daemon.config import load_home
from daemon.keeping import upkeep
from daemon.model.codec import manifest_to_bytes
from daemon.model.job import Manifest, ManifestSource
from daemon.model.source import Source

DRILL = Path(__file__).parent.parent.parent / "docs" / "recovery-drill.md"
ONE, OLDER, ALL, WHICH = re.findall(r"^```sh\n(.*?)^```$", DRILL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
MEMO = b"the voice of a visit" * 5_000


def run(script: str, folder: Path) -> None:
    """As a shell would that knows no program of ours."""
    subprocess.run(["/bin/sh", "-eu"], input=script.encode(), cwd=folder, check=True, env={"PATH": "/usr/bin:/bin"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A recovery file and a copy of the state folder, with an item, another one, and what an older version sealed."""
    home = load_home(tmp_path / "home", None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    vault, keys = wiring.vault(home), wiring.keys(home)
    for name, data in (("other.m4a", b"another"), ("visit-memo.m4a", MEMO)):
        came = vault.seal(io.BytesIO(data))
        source = ManifestSource(Source("s1", "recording", came.sha256), came.blob, name)
        vault.seal_bytes(manifest_to_bytes(Manifest("job", name, "7f3k", (source,))))
    older = Names(keys.content_id_key).of_blob(hashlib.sha256(b"older").digest())
    (home.vault / "blobs" / older[:2]).mkdir()
    with (home.vault / "blobs" / older[:2] / f"{older}.age").open("wb") as file:
        age.encrypt(io.BytesIO(b"older"), file, keys.recipients)
    (home.keys).rename(tmp_path / "lost")
    home.state.rename(tmp_path / "state")
    return tmp_path


def in_its_place(script: str, folder: Path, where: str) -> str:
    """The script with the name of a file that is there."""
    example = re.search(r"state/vault/blobs/\S+", script)
    assert example is not None
    found = next((folder / "state" / "vault" / "blobs").glob(where))
    script = script.replace(example[0], str(found.relative_to(folder)))
    return re.sub(r"days/\S+\.age", f"days/{found.parent.name}.age", script)


@pytest.mark.needs("age")
def test_one_file_opens(folder: Path) -> None:
    run(in_its_place(ONE, folder, "*.original/*.age"), folder)
    assert (folder / "opened-file").read_bytes() in {MEMO, b"another"}
    run(in_its_place(OLDER, folder, "??/*.age"), folder)
    assert (folder / "older-file").read_bytes() == b"older"


@pytest.mark.needs("age")
def test_all_files_open_and_the_manifest_says_which_is_which(folder: Path) -> None:
    run(ALL, folder)
    assert len([path for path in (folder / "opened").rglob("*") if path.is_file()]) == 5
    run(WHICH, folder)
    assert (folder / "visit-memo.m4a").read_bytes() == MEMO


@pytest.mark.needs("age")
def test_another_recovery_key_opens_nothing(folder: Path) -> None:
    (folder / "recovery.txt").write_text(age.generate_identity().secret + "\n")
    with pytest.raises(subprocess.CalledProcessError):
        run(in_its_place(ONE, folder, "*.original/*.age"), folder)
    assert not (folder / "opened-file").exists()
