"""From the bytes of a recording to samples: mono, 16 kHz, 16 bit, with caps that hold while decoding.

FFmpeg gets a demuxer by name, one stream of bytes, no protocol to open anything else with, and audio decoders only.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import av
import numpy as np
from av.audio.resampler import AudioResampler

from daemon.engines.channels import Mixer
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
# What phones, dictation recorders and studios use; a frame that claims 1 Hz would grow 16,000-fold in the resampler.
MIN_SAMPLE_RATE, MAX_SAMPLE_RATE, MAX_CHANNELS = 4_000, 384_000, 64
_PCM = (
    "s8",
    "u8",
    "s16le",
    "s16be",
    "s24le",
    "s24be",
    "s32le",
    "s32be",
    "f32le",
    "f32be",
    "f64le",
    "f64be",
    "alaw",
    "mulaw",
)
DECODERS = frozenset(
    {"aac", "aac_latm", "alac", "mp2", "mp2float", "mp3", "mp3float", "flac", "opus", "vorbis", "libopus", "libvorbis"}
    | {"adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "amrnb", "amrwb", "gsm", "gsm_ms"}
    | {f"pcm_{name}" for name in _PCM}
)
# The length in these headers is exact; MP3, ADTS and Ogg only let FFmpeg guess one.
_EXACT_LENGTH = frozenset({"mov", "wav", "flac", "aiff", "caf"})
_OPTIONS = {"protocol_whitelist": "none", "codec_whitelist": ",".join(sorted(DECODERS))}


def decode(data: bytes, form: str, limits: Limits) -> NDArray[np.int16]:
    """Decode the first audio stream that has something to hear. `form` is a demuxer of `media_guard`.

    Raises PermanentError: `media-too-long` (by its header or while decoding), `media-truncated`, `media-unsupported`.
    """
    options = _OPTIONS | {"format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2" if form == "mov" else form}
    try:
        with av.open(io.BytesIO(data), mode="r", format=form, options=options, metadata_errors="ignore") as container:
            declared = (container.duration or 0) / av.time_base
            if declared > limits.max_seconds:
                raise PermanentError("media-too-long")
            samples = _first_audible(container, limits)
    except (av.FFmpegError, ValueError, EOFError):
        raise PermanentError("media-truncated") from None
    if form in _EXACT_LENGTH and len(samples) / SAMPLE_RATE < 0.9 * declared - 1.0:
        raise PermanentError("media-truncated")
    return samples


def _first_audible(container: InputContainer, limits: Limits) -> NDArray[np.int16]:
    """iPhone .qta files hold the voice twice: stream 0 as AAC, stream 1 in a spatial format that few can decode."""
    streams = [stream for stream in container.streams.audio if _is_decodable(stream)]
    if not streams:
        raise PermanentError("media-unsupported")
    for stream in streams:
        container.seek(0)
        samples = _decode_stream(container, stream, limits)
        if len(samples):
            return samples
    raise PermanentError("media-truncated")


def _is_decodable(stream: AudioStream) -> bool:
    # PyAV's stub does not know that a stream of an unknown format has no context.
    codec: object = stream.codec_context
    return codec is not None and stream.codec_context.name in DECODERS


def _decode_stream(container: InputContainer, stream: AudioStream, limits: Limits) -> NDArray[np.int16]:
    resampler: AudioResampler | None = None
    pcm, mixer, max_bytes = bytearray(), Mixer(), int(limits.max_seconds * SAMPLE_RATE) * 2
    for frame in _checked_frames(container, stream):
        if resampler is None:
            if frame is None:
                break  # nothing was in it
            layout = "mono" if len(frame.layout.channels) == 1 else "stereo"
            resampler = AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE)
        for resampled in resampler.resample(frame):
            pcm += mixer.mixed(
                resampled.to_ndarray().astype(np.int16, copy=False).reshape(-1, len(resampled.layout.channels))
            )
        if len(pcm) > max_bytes:
            raise PermanentError("media-too-long")
    pcm += mixer.rest()
    return np.frombuffer(pcm, dtype=np.int16)


def _checked_frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame | None]:
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            continue  # a damaged packet costs its own 20 ms, as in any player
        for frame in frames:
            frame.pts = None  # gaps in time stamps would make the resampler insert silence without end
            if not MIN_SAMPLE_RATE <= frame.sample_rate <= MAX_SAMPLE_RATE or len(frame.layout.channels) > MAX_CHANNELS:
                raise PermanentError("media-unsupported")
            yield frame
    yield None
