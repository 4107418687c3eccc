"""The request "again": how likely some texts are for a few seconds of the recording that was just read, told of names to listen for.

The texts are put through the decoder as they are (teacher forcing), on the sound of their own words and not on half a minute filled up with
silence: one pass for each, and nothing is made up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.engines.audio import SAMPLE_RATE
from daemon.engines.hotwords import within_budget

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Sound before and after the words; the times of words are good to about 0.2 s.
AROUND_SECONDS = 0.2
# What a probability is taken to be at least: a token that the model rules out counts like twenty bad ones, and not for ever.
LEAST_PROBABILITY = 1e-9
MOST_TOKENS = 160

Look = tuple[float, float, Sequence[str], Sequence[str]]
"""Start and end in seconds, names, texts."""


def how_likely(model: Any, samples: NDArray[np.int16], language: str, looks: Sequence[Look]) -> list[list[float]]:
    """For each look the logarithm of the probability of each of its texts; nothing by a model that cannot be asked so."""
    from daemon.engines.languages import ListeningModel

    if not isinstance(model, ListeningModel):
        return [[] for _ in looks]
    return [
        _likely(model, _cut(samples, start, end), language, within_budget(model, names), texts)
        for start, end, names, texts in looks
    ]


def _cut(samples: NDArray[np.int16], start: float, end: float) -> NDArray[np.float32]:
    first, last = (int(max(at, 0.0) * SAMPLE_RATE) for at in (start - AROUND_SECONDS, end + AROUND_SECONDS))
    return samples[first:last].astype(np.float32) / 32768.0


def _likely(model: Any, audio: NDArray[np.float32], language: str, names: str, texts: Sequence[str]) -> list[float]:
    from faster_whisper.tokenizer import Tokenizer

    tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language or "en")
    tokens = [tokenizer.encode(f" {text.strip()}") for text in texts]
    if not audio.size or any(len(each) > MOST_TOKENS for each in tokens):
        return []
    features = model.feature_extractor(audio)[..., : model.feature_extractor.nb_max_frames]
    sound, frames = model.encode(features), features.shape[-1] // 2 * 2
    prompt = model.get_prompt(tokenizer, [], hotwords=names)
    # One after the other: together they are no faster on a processor.
    found = [model.model.align(sound, prompt, [each], frames)[0].text_token_probs for each in tokens]
    return [sum(math.log(min(max(one, LEAST_PROBABILITY), 1.0)) for one in each) for each in found]
