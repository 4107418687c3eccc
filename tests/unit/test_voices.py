"""Voices of a recording, heard by the real encoder: two are told apart, one never is, and what is unclear is nobody's."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from daemon.adapters.reading.untrusted_reading import recording_from
from daemon.engines import audio
from daemon.engines.passages import Heard, passage_text, split_passages
from daemon.engines.voice_encoder import vectors
from daemon.engines.voices import voiced, voices_of
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits

ASSETS = Path(__file__).parent.parent / "assets"
LINES = list(csv.DictReader((ASSETS / "two-voices.tsv").open(encoding="utf-8"), delimiter="\t"))
Samples = NDArray[np.int16]


@pytest.fixture(scope="module")
def visit() -> Samples:
    return audio.decode((ASSETS / "two-voices.opus").read_bytes(), "ogg", Limits())


def heard(lines: list[dict[str, str]], shift: float = 0.0) -> list[Heard]:
    """The words of lines, evenly over their times, `shift` seconds wrong as recognition may be."""
    words: list[Heard] = []
    for line in lines:
        said = line["text"].split()
        times = np.linspace(float(line["start"]), float(line["end"]), len(said) + 1) + shift
        words += [Heard(f" {text}", a, b, 0.9) for text, a, b in zip(said, times, times[1:], strict=False)]
    return words


def voices_said(lines: list[dict[str, str]]) -> list[str]:
    return [line["voice"] for line in lines for _ in line["text"].split()]


def alone(samples: Samples, voice: str) -> tuple[Samples, list[Heard]]:
    """All that one voice says, three times over, as one dictation."""
    parts: list[Samples] = []
    words: list[Heard] = []
    at = 0.0
    for line in [line for line in LINES if line["voice"] == voice] * 3:
        part = samples[int(float(line["start"]) * 16_000) : int(float(line["end"]) * 16_000)]
        words += heard([{**line, "start": str(at), "end": str(at + len(part) / 16_000)}])
        parts += [part, np.zeros(4_800, np.int16)]
        at += len(part) / 16_000 + 0.3
    return np.concatenate(parts), words


@pytest.mark.parametrize("shift", [0.0, 0.15])
def test_two_voices_are_told_apart(visit: Samples, shift: float) -> None:
    assert voices_of(visit, heard(LINES, shift)) == voices_said(LINES)


def test_a_soft_recording_is_heard_as_well(visit: Samples) -> None:
    assert voices_of((visit // 20).astype(np.int16), heard(LINES)) == voices_said(LINES)


@pytest.mark.parametrize("voice", ["A", "B"])
def test_one_voice_is_never_taken_apart(visit: Samples, voice: str) -> None:
    samples, words = alone(visit, voice)
    assert set(voices_of(samples, words)) == {""}


def test_one_voice_first_loud_then_far_in_noise_is_one(visit: Samples) -> None:
    samples, words = alone(visit, "A")
    far = samples.astype(np.float64)
    far[len(far) // 2 :] *= 0.2
    far += np.random.default_rng(0).normal(0.0, 200.0, len(far))
    assert set(voices_of(far.astype(np.int16), words)) == {""}


@pytest.mark.parametrize("lines", [LINES[:4], LINES[:1], []])
def test_too_little_says_nothing_of_voices(visit: Samples, lines: list[dict[str, str]]) -> None:
    assert set(voices_of(visit, heard(lines))) <= {""}


def test_two_who_do_not_take_turns_are_no_conversation(visit: Samples) -> None:
    (first, words), (second, more) = alone(visit, "A"), alone(visit, "B")
    later = [Heard(w.text, w.start + len(first) / 16_000, w.end + len(first) / 16_000, w.confidence) for w in more]
    assert set(voices_of(np.concatenate([first, second]), [*words, *later])) == {""}


def test_silence_and_what_lies_past_the_end_is_nobody() -> None:
    assert set(voices_of(np.zeros(16_000, np.int16), heard(LINES))) == {""}


def test_a_passage_has_one_voice_and_loses_no_word(visit: Samples) -> None:
    unmarked = [Heard(word.text.rstrip(".?!"), word.start, word.end, word.confidence) for word in heard(LINES)]
    passages = split_passages(voiced(visit, unmarked))
    assert all(len({word.voice for word in words}) == 1 for words in passages)
    assert " ".join(map(passage_text, passages)) == passage_text(unmarked)
    assert [words[0].voice for words in passages].count("A") >= 4


def test_without_voices_passages_are_cut_as_before() -> None:
    words = [Heard(text, at * 0.3, at * 0.3 + 0.3, 0.9) for at, text in enumerate([" No", " fever", " no", " cough."])]
    assert split_passages(words) == [words]


def test_a_stretch_is_a_vector_of_length_one(visit: Samples) -> None:
    found = vectors(visit, [(0.0, 0.3), (1.0, 2.6), (500.0, 501.0)])
    assert found.shape == (3, 256)
    assert np.allclose(np.linalg.norm(found[:2], axis=1), 1.0, atol=1e-4)


def _reply(voice: object) -> dict[str, object]:
    said = {"text": "Any cough?", "start": 0.0, "end": 1.0, "confidence": 0.9, "words": [], "voice": voice}
    return {"seconds": 2.0, "passages": [said], "unreadable": []}


def test_the_childs_word_on_voices_is_checked() -> None:
    assert recording_from(_reply("B"), "s1", Limits())[1][0].voice == "B"
    for untrusted in ("C", "a", None, 1, ["A"], "A" * 1000):
        with pytest.raises(PermanentError, match="engine-protocol"):
            recording_from(_reply(untrusted), "s1", Limits())
