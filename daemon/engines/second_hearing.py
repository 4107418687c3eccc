"""The request "again": single sentences of the recording that was just read, heard once more with names to listen for.

One pass without search (a tenth of the work of the first), on the sentence's own sound and not on half a minute filled up with silence:
what comes of it is held against the first hearing outside, and little of it is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.engines.audio import SAMPLE_RATE
from daemon.engines.hotwords import within_budget

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Sound before and after a sentence; the word times are good to about 0.2 s.
AROUND_SECONDS = 0.2
# A second of fast speech has less than five words; a sentence that goes round in circles ends here.
TOKENS_A_SECOND, TOKENS_MORE = 7, 12


def hear_again(
    model: Any, samples: NDArray[np.int16], language: str, looks: Sequence[tuple[float, float, Sequence[str]]]
) -> list[str]:
    """For each look (start and end in seconds, names) what is heard there; nothing by a model that cannot be asked so."""
    from daemon.engines.languages import ListeningModel

    if not isinstance(model, ListeningModel):
        return ["" for _ in looks]
    return [
        _heard(model, _cut(samples, start, end), language, within_budget(model, names)) for start, end, names in looks
    ]


def _cut(samples: NDArray[np.int16], start: float, end: float) -> NDArray[np.float32]:
    first, last = (int(max(at, 0.0) * SAMPLE_RATE) for at in (start - AROUND_SECONDS, end + AROUND_SECONDS))
    return samples[first:last].astype(np.float32) / 32768.0


def _heard(model: Any, audio: NDArray[np.float32], language: str, names: str) -> str:
    if not audio.size:
        return ""
    from faster_whisper.tokenizer import Tokenizer

    tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language or "en")
    prompt = model.get_prompt(tokenizer, [], without_timestamps=True, prefix=None, hotwords=names)
    most = len(prompt) + TOKENS_MORE + int(TOKENS_A_SECOND * len(audio) / SAMPLE_RATE)
    features = model.feature_extractor(audio)[..., : model.feature_extractor.nb_max_frames]
    [found] = model.model.generate(
        model.encode(features), [prompt], beam_size=1, max_length=min(most, model.max_length)
    )
    return str(tokenizer.decode(found.sequences_ids[0])).strip()
