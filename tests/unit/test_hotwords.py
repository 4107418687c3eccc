"""Which names speech recognition is told of, and how many of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from daemon.adapters.models.store import default_models_dir
from daemon.adapters.reading.vocabulary_file import read_vocabulary
from daemon.config import load_home
from daemon.engines.hotwords import MOST_TOKENS, within_budget
from daemon.faithfulness.vocabulary.hotwords import common_drugs, generic_names, names_in, speech_names
from daemon.wiring.engines import drug_counts
from daemon.wiring.engines import speech_names as names_of

TOKENIZER = default_models_dir() / "whisper-base" / "tokenizer.json"


def test_recognition_is_told_of_the_practices_own_names_and_drugs_only_serve_to_suggest() -> None:
    names = speech_names(
        ["Dr. Okafor", "tirzepatide"], {"naproxen": 2, "warfarin": 7, "no such drug": 99, "metformin": 1}
    )
    assert names.own == ("Dr. Okafor", "tirzepatide")
    assert names.usual[:3] == ("warfarin", "naproxen", "metformin")
    assert "no such drug" not in names.usual
    assert len({name.casefold() for name in names.usual}) == len(names.usual)
    assert set(common_drugs()) <= set(names.usual) & generic_names()


def test_a_line_is_a_name_and_what_is_none_is_passed_over() -> None:
    text = (
        "\ufeff# ours\nDr. Okafor  # cardiology\n\n  tirzepatide ,\nTIRZEPATIDE\n12345\na\tb\nbell\x07\n" + "long " * 30
    )
    assert names_in(text.removeprefix("\ufeff")) == ("Dr. Okafor", "tirzepatide", "a b")


@given(st.text())
def test_any_file_gives_names_that_can_be_told(untrusted: str) -> None:
    for name in names_in(untrusted):
        assert name == name.strip()
        assert name.isprintable()
        assert len(name) <= 60


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"Dr. M\xfcller\n", b"Dr. M\xc3\xbcller\n"])
def test_the_file_is_read_whatever_it_is(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "vocabulary.txt"
    if content is not None:
        file.write_bytes(content)
    names = read_vocabulary(file)
    assert names == (("Dr. Müller",) if content and b"M" in content else names)
    assert read_vocabulary(tmp_path) == read_vocabulary(None) == ()


def test_what_is_added_to_the_file_counts_for_the_next_recording(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[speech]\nhotwords = ["Ashford Cardiology"]\n')
    home = load_home(tmp_path, None)
    assert names_of(home).own == ("Ashford Cardiology",)
    (tmp_path / "vocabulary.txt").write_text("Dr. Okafor\n")
    assert names_of(home).own == ("Dr. Okafor", "Ashford Cardiology")
    (tmp_path / "state").mkdir()
    drug_counts(home).count("job", ["warfarin"])
    assert names_of(home).usual[0] == "warfarin"
    (tmp_path / "vocabulary.txt").unlink()
    assert names_of(home).own == ("Ashford Cardiology",)


def test_the_settings_name_another_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[speech]\nvocabulary = "words/ours.txt"\n')
    assert load_home(tmp_path, None).vocabulary == tmp_path / "words" / "ours.txt"


class _Letters:
    """Counts each letter as a token."""

    def encode(self, text: str, *, add_special_tokens: bool) -> SimpleNamespace:
        assert not add_special_tokens
        return SimpleNamespace(ids=list(text))


@given(st.lists(st.text("abc", min_size=1, max_size=90), max_size=40))
def test_never_more_is_told_than_the_model_takes(names: Sequence[str]) -> None:
    told = within_budget(SimpleNamespace(hf_tokenizer=_Letters()), names)
    assert len(told) + 1 <= MOST_TOKENS
    assert bool(told) == bool(names)


def test_the_first_names_are_told_where_not_all_fit() -> None:
    names = [f"name{number:03}" for number in range(200)]
    for model in (SimpleNamespace(hf_tokenizer=_Letters()), SimpleNamespace()):
        told = within_budget(model, names)
        assert "name000" in told
        assert "name001" in told
        assert "name199" not in told


@pytest.mark.skipif(not TOKENIZER.is_file(), reason="whisper-base is not installed")
def test_the_models_own_tokenizer_counts() -> None:
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    told = within_budget(SimpleNamespace(hf_tokenizer=tokenizer), [f"Dr. Nkemelu{number}" for number in range(300)])
    assert 200 < len(tokenizer.encode(" " + told, add_special_tokens=False).ids) <= MOST_TOKENS
