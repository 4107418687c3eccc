"""What becomes of what a speech model says it heard: windows, other languages, sentences over and over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.engines.languages import SURE, is_in_another
from daemon.engines.speech import Asked, Transcript, _windows, transcribe
from daemon.model.errors import PermanentError

RATE = 16_000
ENGLISH, GERMAN = {"en": 0.99, "de": 0.01}, {"de": 0.95, "en": 0.02}
MIXED = {"en": 0.9, "de": 0.08}
Said = tuple[str, float, float, Mapping[str, float]]


def segment(text: str, start: float, end: float, sure: float, **more: float) -> Any:
    step = (end - start) / len(text.split())
    words = [
        SimpleNamespace(word=" " + word, start=start + n * step, end=start + (n + 1) * step, probability=sure)
        for n, word in enumerate(text.split())
    ]
    facts = {"avg_logprob": -0.2, "no_speech_prob": 0.0, "compression_ratio": 1.0} | more
    return SimpleNamespace(text=" " + text, start=start, end=end, words=words, **facts)


class FakeModel:
    """Hears the same in every window. `looked` counts how often one stretch was looked at."""

    def __init__(
        self, heard: Mapping[str, float], *said: Said, sure: float = 0.5, log_probability: float = -0.2
    ) -> None:
        self.heard, self._said, self.looked, self.windows, self._sure = heard, said, 0, 0, sure
        self._log_probability = log_probability
        self._looks: Mapping[str, float] = {}
        self.most_tokens: int | None = None

    def transcribe(self, audio: np.ndarray, **options: Any) -> tuple[Iterator[Any], None]:
        self.windows += 1
        self.most_tokens = options["max_new_tokens"]
        return self._segments(), None

    def _segments(self) -> Iterator[Any]:
        for text, start, end, looks in self._said:
            self._looks = looks
            yield segment(text, start, end, self._sure, avg_logprob=self._log_probability)

    def languages_of(self, audio: np.ndarray) -> Mapping[str, float]:
        self.looked += 1
        return self._looks


def hear(model: Any, seconds: float = 30.0, **asked: Any) -> Transcript:
    return transcribe(model, np.zeros(int(seconds * RATE), np.int16), asked=Asked(**{"language": "en"} | asked))


def text_of(transcript: Transcript) -> str:
    return "".join(word.text for word in transcript.words).strip()


def test_another_language_is_refused_and_nothing_of_it_stays() -> None:
    model = FakeModel(
        GERMAN, ("The patient has pain", 0, 10, GERMAN), ("in his knee", 10, 12, GERMAN), ("so", 13, 14, {})
    )
    with pytest.raises(PermanentError, match="speech-other-language"):
        hear(model)


def test_of_a_mixed_memo_the_known_language_stays_and_the_rest_is_named() -> None:
    model = FakeModel(MIXED, ("Her knee hurts.", 0, 5, ENGLISH), ("He takes it.", 6, 11, GERMAN), ("Plan.", 12, 13, {}))
    transcript = hear(model)
    assert text_of(transcript) == "Her knee hurts. Plan."
    assert transcript.foreign == [(6, 11)]


def test_half_a_minute_that_is_a_little_like_english_is_looked_at_stretch_by_stretch() -> None:
    robot = {"en": 0.12, "de": 0.38}
    assert hear(FakeModel(robot, ("He takes it.", 0, 6, robot), ("Her knee hurts.", 6, 12, ENGLISH))).foreign == [
        (0, 6)
    ]


def test_english_inside_half_a_minute_of_another_language_stays() -> None:
    model = FakeModel(GERMAN, ("Her knee hurts a lot.", 0, 8, ENGLISH), ("He takes it.", 9, 12, GERMAN))
    assert text_of(hear(model)) == "Her knee hurts a lot."


@pytest.mark.parametrize("look", [{"en": 0.3, "ja": 0.3}, {"en": 0.1, "la": 0.6}, {"en": 0.05, "cy": 0.1}])
def test_an_accent_or_a_few_foreign_words_are_not_refused(look: Mapping[str, float]) -> None:
    assert hear(FakeModel(MIXED, ("Senora Garcia takes manzanilla.", 0, 6, look))).foreign == []


def test_what_is_sure_is_not_looked_at_again() -> None:
    model = FakeModel({"en": SURE}, ("Her knee hurts.", 0, 5, GERMAN))
    assert text_of(hear(model)) == "Her knee hurts."
    assert model.looked == 0


def test_words_that_it_is_sure_of_are_not_given_up_for_an_accent() -> None:
    accent = {"ja": 0.95, "en": 0.04}
    model = FakeModel(MIXED, ("There is a dark spot on the left forearm.", 0, 6, accent), sure=0.8)
    assert text_of(hear(model)) == "There is a dark spot on the left forearm."
    assert model.looked == 0


@pytest.mark.parametrize(("sure", "english", "stays"), [(0.65, 0.2, True), (0.65, 0.1, False), (0.55, 0.2, False)])
@pytest.mark.parametrize("half", [{"en": 0.3, "ja": 0.6}, {"en": 0.05, "ja": 0.9}], ids=["half in doubt", "another"])
def test_words_heard_fairly_well_stay_where_it_may_be_english(
    half: Mapping[str, float], sure: float, english: float, *, stays: bool
) -> None:
    looks = {"en": english, "ja": 0.7}
    model = FakeModel(half)
    model._looks = looks
    heard = segment("She also takes Wastverstatin.", 0, 6, sure, avg_logprob=-0.86)
    assert is_in_another(model, np.zeros(6 * RATE, np.float32), heard, "en") is not stays


def test_words_that_fit_badly_in_what_is_likelier_another_language_are_none() -> None:
    half, robot = {"en": 0.4, "la": 0.3, "de": 0.2}, {"en": 0.1, "la": 0.3, "de": 0.4}
    said = ("The party's in clocked night.", 0.0, 4.0, robot)
    with pytest.raises(PermanentError, match="speech-other-language"):
        hear(FakeModel(half, said, sure=0.65, log_probability=-0.8))
    assert text_of(hear(FakeModel(half, said, sure=0.65, log_probability=-0.3))) == said[0]
    assert (
        text_of(hear(FakeModel(MIXED, ("Her knee hurts.", 0, 4, ENGLISH), log_probability=-0.8))) == "Her knee hurts."
    )


@pytest.mark.parametrize(("sure", "stays"), [(0.75, False), (0.85, True)])
def test_in_half_a_minute_of_another_language_words_have_to_be_surer(sure: float, *, stays: bool) -> None:
    model = FakeModel(GERMAN, ("The patient has pain.", 0, 10, GERMAN), ("So.", 10, 11, GERMAN), sure=sure)
    if stays:
        assert text_of(hear(model)) == "The patient has pain. So."
    else:
        with pytest.raises(PermanentError, match="speech-other-language"):
            hear(model)


@pytest.mark.parametrize(("sure", "stays"), [(0.55, False), (0.65, True)])
def test_a_half_minute_that_is_likelier_not_english_is_kept_where_it_is_heard(sure: float, *, stays: bool) -> None:
    half = {"en": 0.2, "la": 0.2}
    model = FakeModel(half, ("Departing ten clocked.", 0, 5, half), ("No.", 6, 7, half), sure=sure)
    if stays:
        assert text_of(hear(model)) == "Departing ten clocked. No."
    else:
        with pytest.raises(PermanentError, match="speech-other-language"):
            hear(model)


def test_where_no_language_is_set_every_language_is_taken() -> None:
    assert text_of(hear(FakeModel(GERMAN, ("Das Knie schmerzt.", 0, 5, GERMAN)), language="")) == "Das Knie schmerzt."


@pytest.mark.parametrize(("log_probability", "stays"), [(-0.7, False), (-0.2, True)])
def test_a_name_that_it_was_told_of_is_no_sentence_by_itself(log_probability: float, *, stays: bool) -> None:
    said = [("She takes it daily.", 0.0, 3.0, ENGLISH), ("Okonkwo", 3.0, 4.0, ENGLISH)]
    model = FakeModel(ENGLISH, *said, log_probability=log_probability)
    assert text_of(hear(model, hotwords="Dr. Okonkwo, Maple Street")).endswith("Okonkwo") is stays
    assert text_of(hear(model)).endswith("Okonkwo")


def test_a_sentence_over_and_over_is_cut_but_not_what_is_said_four_times() -> None:
    said = [("I have no pain.", float(n), n + 1.0, ENGLISH) for n in range(9)]
    transcript = hear(FakeModel(ENGLISH, *said))
    assert text_of(transcript).count("no pain") == 4
    assert len(transcript.unreadable) == 5


def test_one_word_may_be_said_as_often_as_it_is() -> None:
    transcript = hear(FakeModel(ENGLISH, *[("No.", float(n), n + 1.0, ENGLISH) for n in range(7)]))
    assert text_of(transcript).count("No.") == 7


def test_a_second_try_hears_only_what_was_not_heard() -> None:
    windows: list[Transcript] = []
    samples = np.zeros(60 * RATE, np.int16)
    asked = Asked("en", window_seconds=10.0)
    first = FakeModel(ENGLISH, ("Her knee hurts.", 0, 5, ENGLISH))
    whole = transcribe(first, samples, asked=asked, on_window=windows.append)
    assert len(windows) == first.windows > 5
    for count in range(1, len(windows) + 1):
        before = Transcript()
        for window in windows[:count]:
            before.add(window)
        again = FakeModel(ENGLISH, ("Her knee hurts.", 0, 5, ENGLISH))
        assert transcribe(again, samples, asked=asked, before=before) == whole
        assert again.windows == len(windows) - count


@pytest.mark.parametrize(("seconds", "most"), [(2.0, 54), (10.0, 150), (10.5, None), (60.0, None)])
def test_a_short_recording_cannot_have_many_words(seconds: float, most: int | None) -> None:
    model = FakeModel(ENGLISH, ("Her knee hurts.", 0, 1, ENGLISH))
    hear(model, seconds)
    assert model.most_tokens == most


def test_a_short_recording_has_nothing_to_keep() -> None:
    windows: list[Transcript] = []
    transcribe(
        FakeModel(ENGLISH, ("Her knee hurts.", 0, 5, ENGLISH)), np.zeros(RATE, np.int16), asked=Asked("en"),
        on_window=windows.append,
    )  # fmt: skip
    assert windows == []


@given(st.integers(0, 100 * RATE), st.integers(4 * RATE, 30 * RATE))
def test_windows_cover_every_sample_once(count: int, size: int) -> None:
    samples = np.arange(count, dtype=np.int64).astype(np.int16)
    at = 0
    for start, window in _windows(samples, 0, size):
        assert start == at
        assert 0 < len(window) <= size
        at += len(window)
    assert at == count


class Accented(FakeModel):
    """The quick look takes an accent for another language; the whole look does not."""

    def quick_languages_of(self, audio: np.ndarray) -> Mapping[str, float]:
        return GERMAN


def test_a_quick_look_alone_does_not_cost_words() -> None:
    assert text_of(hear(Accented(MIXED, ("Her knee hurts.", 0, 5, ENGLISH)))) == "Her knee hurts."
