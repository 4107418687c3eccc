"""An adapter belongs to the weights it was trained on, and is not loaded unless every byte is the shipped one."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from daemon import wiring
from daemon.adapters.models import statement_adapter
from daemon.adapters.models.catalog import STARTER_MODELS
from daemon.adapters.models.installed_model import RECORD, write_record
from daemon.adapters.models.measurements import SHIPPED, Measurements
from daemon.adapters.models.statement_adapter import ADAPTERS, adapter_for
from daemon.adapters.models.store import ModelStore, default_models_dir
from daemon.adapters.sandbox import places
from daemon.cli.main import app
from daemon.config import load_home
from daemon.model.drafting_fitness import WAY, Measured
from daemon.model.errors import RetryableError
from tests.fakes.adapted_model import LORA, WEIGHTS, put_adapter, put_model
from tests.fakes.hub import sha256

GOOD = Measured(sha256(WEIGHTS), sha256(LORA), "statement", "some corpus", 100, 600, 0.0, 1.0, 1.0, 1.0, 0)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(statement_adapter, "ADAPTERS", tmp_path / "adapters")
    return tmp_path / "adapters"


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def test_it_belongs_to_its_weights_whatever_they_are_called(tmp_path: Path, shipped: Path, store: ModelStore) -> None:
    put_model(tmp_path / "models", "renamed")
    put_model(tmp_path / "models", "another", b"GGUF other weights")
    assert store.get("renamed").adapter is None
    assert (store.get("renamed").adapter_path, store.get("renamed").adapter_sha256) == (None, "")
    path = put_adapter(shipped, forms=["note", "summary"])
    model = store.get("renamed")
    assert (model.adapter_path, model.adapter_sha256) == (path, sha256(LORA))
    assert model.adapter is not None
    assert (model.adapter.name, model.adapter.forms) == ("trained", {"note", "summary"})
    assert model.adapter.least_sureness == -math.inf
    put_adapter(shipped, forms=["note"], least_sureness=-0.6)
    sure = store.get("renamed").adapter
    assert sure is not None
    assert sure.least_sureness == -0.6
    put_adapter(shipped, forms=["note", "summary"])
    assert store.get("another").adapter is None
    assert model.writing_files == (model.main_path, path)
    assert store.checked_files("renamed").keys() == {"tiny.gguf"}


def test_the_starter_writes_with_the_file_that_has_the_adapter_in_it() -> None:
    model = ModelStore(default_models_dir()).get("smollm2-135m")
    joined = STARTER_MODELS["smollm2-135m"].joined
    assert joined is not None
    assert model.writing_files == (model.directory / joined.name, None)
    assert sha256(model.writing_files[0].read_bytes()) == joined.sha256
    without = replace(model, files={model.main: model.main_sha256})  # as it was installed by earlier versions
    assert without.writing_files == (model.main_path, model.adapter_path)


def test_a_broken_card_keeps_no_other_kind_of_model_from_being_used(
    tmp_path: Path, shipped: Path, store: ModelStore
) -> None:
    model = replace(put_model(tmp_path / "models", "heard"), kind="speech")
    (model.directory / RECORD).unlink()
    write_record(model)
    put_model(tmp_path / "models", "written")
    put_adapter(shipped, forms=[])
    assert store.checked_files("heard").keys() == {"tiny.gguf"}
    with pytest.raises(RetryableError, match="adapter-altered"):
        store.checked_files("written")


@pytest.mark.parametrize("how", ["one bit", "shorter", "gone", "a link"])
def test_one_that_is_not_the_shipped_one_keeps_its_model_from_being_loaded(
    tmp_path: Path, shipped: Path, store: ModelStore, how: str
) -> None:
    put_model(tmp_path / "models")
    path = put_adapter(shipped)
    store.verify("tiny")
    if how == "one bit":
        path.write_bytes(LORA[:-1] + bytes([LORA[-1] ^ 1]))
    elif how == "shorter":
        path.write_bytes(LORA[:-1])
    else:
        path.rename(shipped / "elsewhere")
        if how == "a link":
            path.symlink_to(shipped / "elsewhere")
    with pytest.raises(RetryableError) as error:
        store.checked_files("tiny")
    assert error.value.code == "adapter-altered"
    assert (error.value.text.exit_code, error.value.text.attempts) == (4, None)


@pytest.mark.parametrize(
    "card",
    [{"sha256": "b" * 63}, {"sha256": 1}, {"base_sha256": None}, {"forms": []}, {"forms": ["verse"]}, {"forms": None}],
)
def test_a_card_that_makes_no_sense_is_no_adapter(shipped: Path, card: dict[str, Any]) -> None:
    put_adapter(shipped, **card)
    with pytest.raises(RetryableError, match="adapter-altered"):
        adapter_for(sha256(WEIGHTS))


@pytest.mark.parametrize("text", ["", "[]", '{"base_sha256": "', "\udcff"])
def test_a_card_that_is_no_card_is_no_adapter(shipped: Path, text: str) -> None:
    put_adapter(shipped)
    (shipped / "trained.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(RetryableError, match="adapter-altered"):
        adapter_for(sha256(WEIGHTS))


# -- what comes with Chartdraft --------------------------------------------------------------------------------------


def test_what_is_shipped_is_whole_and_belongs_to_a_starter_model() -> None:
    starters = {file.sha256 for model in STARTER_MODELS.values() for file in model.files.values()}
    for card in ADAPTERS.glob("*.json"):
        base = json.loads(card.read_text())["base_sha256"]
        adapter = adapter_for(base)
        assert adapter is not None
        adapter.check()
        assert base in starters


def test_what_is_shipped_as_measured_was_measured_of_what_is_shipped(tmp_path: Path) -> None:
    known = Measurements(tmp_path / "none.json", SHIPPED).known()
    assert not known.broken
    for measured in known.measured:
        adapter = adapter_for(measured.model_sha256)
        assert measured.way == WAY
        assert measured.adapter_sha256 in {"", adapter.sha256 if adapter else ""}


def test_a_child_may_read_it_wherever_models_lie(tmp_path: Path) -> None:
    reach = places.reach(load_home(tmp_path, None), tmp_path / "models")
    assert reach.view(places.true_path(ADAPTERS / "starter.gguf")) == "readable"


# -- what people see -------------------------------------------------------------------------------------------------


def listed(root: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["--home", str(root), "models", *arguments], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_list_says_whether_a_model_writes_in_which_manner_with_what_and_why(tmp_path: Path, shipped: Path) -> None:
    (tmp_path / "config.toml").write_text('models_dir = "models"\n')
    put_model(tmp_path / "models")
    assert "not fit for drafting (statement by statement): nobody has measured it" in listed(tmp_path, "list")
    (before,) = json.loads(listed(tmp_path, "list", "--json"))
    assert (before["fit"], before["fit_for_drafting"], before["manner"], before["adapter"]) == (
        False,
        False,
        "statement",
        None,
    )

    put_adapter(shipped)
    home = load_home(tmp_path, None)
    home.state.mkdir()
    wiring.measurements(home).remember(GOOD)
    text = listed(tmp_path, "list")
    assert f"with the adapter trained {sha256(LORA)[:12]}" in text
    assert "  fit for drafting (statement by statement): measured on some corpus: 0 % of 600 statements" in text
    (now,) = json.loads(listed(tmp_path, "list", "--json"))
    assert (now["fit"], now["fit_for_drafting"], now["manner"]) == (True, True, "statement")
    assert now["adapter"] == {"name": "trained", "sha256": sha256(LORA)}
    assert now["reason"].startswith("measured on some corpus: ")
    assert listed(tmp_path, "verify") == "ok  tiny with the adapter trained\n"
    assert wiring.drafting_choice(home.model_copy(update={"settings": tiny(home)})).drafter == "llm"


def tiny(home: Any) -> Any:
    language = home.settings.language.model_copy(update={"model": "tiny"})
    return home.settings.model_copy(update={"language": language})


def test_an_altered_adapter_is_told_as_such(tmp_path: Path, shipped: Path) -> None:
    (tmp_path / "config.toml").write_text('models_dir = "models"\n')
    put_model(tmp_path / "models")
    put_adapter(shipped).write_bytes(b"other")
    with pytest.raises(RetryableError) as error:
        wiring.models(load_home(tmp_path, None)).verify("tiny")
    assert str(error.value).startswith("The trained adapter is not the file that came with Chartdraft")
