"""Which language is spoken, asked of Whisper itself for each half minute that it hears.

Told to write English, Whisper writes English whatever is said: it translates, or makes sentences up. What it thinks the language is
costs next to nothing where the sound is encoded anyway, and one more look at the stretch where it is in doubt.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from statistics import mean
from typing import TYPE_CHECKING, Any

from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Measured with Whisper `base`: half minutes of English, read by people, good voices and robots, had 0.85 to 0.99 for English; one with
# five seconds of German in it 0.93, one that is half Spanish 0.2; German, Spanish and Mandarin alone below 0.02, and German by a
# robot 0.12.
# From here on a half minute is not looked at again.
SURE = 0.95
# Below this a stretch is in another language, if there is one that is likelier than LIKELY.
UNLIKELY, LIKELY = 0.1, 0.3
# The same of a whole half minute, which says more than a stretch of it.
UNLIKELY_THROUGHOUT = 0.15
# In a half minute that is in another language a stretch must be as likely as this to be kept.
LIKELY_KEPT = 0.6
# Shorter, and the guess is worth less than that of the half minute around it.
LOOK_SECONDS = 2.0
# How sure it is of a stretch's words, on average, tells more than the language that it takes an accent for. Of 54 foreign stretches that
# were written down as English, in six languages, by robots and a good voice, one had more than 0.68: 0.73. English in the same voices
# and in half minutes that were taken for Japanese had 0.82 to 0.99.
WELL_HEARD, WELL_HEARD_AMONG_OTHER = 0.72, 0.78
# A half minute that is likelier not in the language: so unsure, or words that fit so badly (mean log-probability), and it is not. German and
# Portuguese by a robot, written down as English words, had -0.77 and -1.14; English that was taken for Japanese -0.24.
LIKELIER_NOT, ILL_HEARD, MUDDLED = 0.5, 0.6, -0.7
# Words that are no worse than ILL_HEARD, in a stretch that may be in the language for all that the model takes it for another, are kept: of 45
# foreign stretches of two seconds and more none was both. English with an accent and a drug or two, 0.6 to 0.74, had 0.2 to 0.34.
POSSIBLE = 0.18
# So sure, and no other temperature is tried: it would only make up something else.
CERTAIN = 0.8


class ListeningModel(WhisperModel):  # type: ignore[misc]  # it ships no types
    """`WhisperModel` that remembers what language each half minute was in."""

    heard: Mapping[str, float] = {}
    """The half minute that was decoded last: the probability of each language."""

    def generate_with_fallback(self, encoder_output: Any, prompt: Any, tokenizer: Any, options: Any) -> Any:
        """As the library's; it is called once for each half minute, before the segments in it are given out."""
        if not self.model.is_multilingual:  # it knows one language, and nothing of others
            return super().generate_with_fallback(encoder_output, prompt, tokenizer, options)
        self.heard = {token[2:-2]: float(share) for token, share in self.model.detect_language(encoder_output)[0]}
        if is_other(self.heard, tokenizer.language_code, CERTAIN):
            options = dataclasses.replace(options, temperatures=[0.0])
        return super().generate_with_fallback(encoder_output, prompt, tokenizer, options)

    def languages_of(self, audio: NDArray[np.float32]) -> dict[str, float]:
        """The probability of each language in at most half a minute of sound."""
        return self._languages(pad_or_trim(self._features(audio)))

    def quick_languages_of(self, audio: NDArray[np.float32]) -> dict[str, float]:
        """The same in a tenth of the time, not filled up with silence to half a minute, as the model was trained: right of what is
        in the language, but sometimes it takes an accent for another one."""
        return self._languages(self._features(audio))

    def _features(self, audio: NDArray[np.float32]) -> Any:
        return self.feature_extractor(audio)[..., : self.feature_extractor.nb_max_frames]

    def _languages(self, features: Any) -> dict[str, float]:
        [shares] = self.model.detect_language(self.encode(features))
        return {token[2:-2]: float(share) for token, share in shares}


def is_other(shares: Mapping[str, float], language: str, likely: float = LIKELY, unlikely: float = UNLIKELY) -> bool:
    """Whether a language other than this one is spoken, for all that these probabilities say."""
    return shares.get(language, 0.0) < unlikely and max(shares.values(), default=0.0) >= likely


def is_in_another(model: Any, audio: NDArray[np.float32], segment: Any, language: str) -> bool:
    """Whether a segment that was just given out is in another language; `audio` is its own. Never where the language is not set,
    or the model cannot say."""
    heard: Mapping[str, float] = getattr(model, "heard", {})
    if not language or not heard or heard.get(language, 0.0) >= SURE:
        return False
    sure = mean([word.probability for word in segment.words or []] or [0.0])
    if not _seems_other(model, audio, segment, language, sure):
        return False
    long = segment.end - segment.start >= LOOK_SECONDS
    # To lose what was said is worse than a moment's work: here a quick look is not enough.
    return not (long and sure >= ILL_HEARD and model.languages_of(audio).get(language, 0.0) >= POSSIBLE)


def _seems_other(model: Any, audio: NDArray[np.float32], segment: Any, language: str, sure: float) -> bool:
    """The same, by signs of which one alone may be an accent's; `sure`: of its words, on average."""
    heard: Mapping[str, float] = model.heard
    throughout = is_other(heard, language, unlikely=UNLIKELY_THROUGHOUT)
    if sure >= (WELL_HEARD_AMONG_OTHER if throughout else WELL_HEARD):
        return False
    if (
        not throughout
        and heard.get(language, 0.0) < LIKELIER_NOT
        and (segment.avg_logprob < MUDDLED or sure < ILL_HEARD)
    ):
        return True
    if segment.end - segment.start < LOOK_SECONDS:
        return throughout
    own = getattr(model, "quick_languages_of", model.languages_of)(audio)
    if throughout:
        return bool(own.get(language, 0.0) < LIKELY_KEPT)
    return is_other(own, language) and is_other(model.languages_of(audio), language)
