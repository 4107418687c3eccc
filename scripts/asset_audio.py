"""Turns spoken text into the recordings of samples/ and tests/assets/, in every container a phone may leave."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

PAUSE_SECONDS = 0.5  # the speaking tool rests long between phrases; a person dictating does not
EXACT = ["-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1"]  # no encoder names, no dates


def ffmpeg(*words: str | Path) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *map(str, words)], check=True)


def speak(tool: Path, text: Path, wav: Path, voice: str = "jm_kumo", speed: float = 1.0) -> None:
    """Speak `text` with the tool given into 16 kHz mono 16-bit PCM; the tool takes OUT, --voice, --speed and stdin."""
    raw = wav.with_suffix(".raw.wav")
    command = [sys.executable, str(tool), str(raw), "--voice", voice, "--speed", str(speed)]
    subprocess.run(command, input=text.read_bytes(), check=True)
    shorter = f"silenceremove=stop_periods=-1:stop_duration={PAUSE_SECONDS}:stop_threshold=-50dB"
    ffmpeg("-i", raw, "-af", shorter, "-ar", "16000", "-ac", "1", *EXACT, wav)
    raw.unlink()


def phone_memo(wav: Path, memo: Path, bitrate: str = "48k") -> None:
    """AAC in an MPEG-4 container, as a phone's voice memo; index last, as recorders write it."""
    ffmpeg("-i", wav, "-c:a", "aac", "-b:a", bitrate, *EXACT, memo)


def write_containers(wav: Path, folder: Path) -> None:
    """The recording `wav` as memo.* in every accepted container, and with its index first and last."""
    phone_memo(wav, folder / "moov-last.m4a", "32k")
    ffmpeg("-i", folder / "moov-last.m4a", "-c", "copy", "-movflags", "+faststart", *EXACT, folder / "memo.m4a")
    ffmpeg("-i", wav, "-c:a", "libmp3lame", "-b:a", "32k", *EXACT, folder / "memo.mp3")
    ffmpeg("-i", wav, "-c:a", "flac", *EXACT, folder / "memo.flac")
    ffmpeg("-i", wav, "-c:a", "libvorbis", "-q:a", "1", *EXACT, folder / "memo.ogg")
    ffmpeg("-i", wav, "-c:a", "libopus", "-b:a", "24k", *EXACT, folder / "memo.opus")
    ffmpeg("-i", wav, "-c:a", "alac", *EXACT, folder / "memo.caf")
    write_qta(wav, folder / "memo.qta")


def write_qta(wav: Path, memo: Path) -> None:
    """QuickTime audio as recent iPhones save it: stream 0 AAC, stream 1 spatial (`apac`), which few decoders know."""
    maps = ["-map", "0:a", "-map", "0:a", "-c:a", "aac", "-b:a:0", "32k", "-b:a:1", "16k"]
    ffmpeg("-i", wav, *maps, "-f", "mov", *EXACT, memo)
    content = bytearray(memo.read_bytes())
    entry = content.rfind(b"stsd")  # the second track's sample description; without esds nothing says AAC any more
    content[entry:] = content[entry:].replace(b"mp4a", b"apac").replace(b"esds", b"dapa")
    memo.write_bytes(content)


def boxes(content: bytes) -> list[tuple[bytes, int, int]]:
    """Top-level boxes of an ISO base media file as (type, start, end); ISO/IEC 14496-12, 4.2."""
    found, start = [], 0
    while start + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[start : start + 8])
        found.append((kind, start, start + size))
        start += size
    return found


def write_broken(folder: Path) -> None:
    """A memo cut off in the middle of its samples, and one whose recorder never wrote the index."""
    whole = (folder / "memo.m4a").read_bytes()
    (folder / "truncated.m4a").write_bytes(whole[: len(whole) * 3 // 5])
    late = (folder / "moov-last.m4a").read_bytes()
    kept = [late[start:end] for kind, start, end in boxes(late) if kind != b"moov"]
    (folder / "no-moov.m4a").write_bytes(b"".join(kept))


def write_speechless(folder: Path) -> None:
    """Digital silence, quiet noise, and six hours of silence that weigh next to nothing."""
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "5", "-c:a", "aac", *EXACT, folder / "silence.m4a")
    noise = "anoisesrc=r=16000:c=pink:a=0.01:seed=5"
    ffmpeg("-f", "lavfi", "-i", noise, "-t", "4", "-c:a", "pcm_s16le", *EXACT, folder / "noise.wav")
    hours = ["-t", "21600", "-c:a", "flac", "-frame_size", "65535"]
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", *hours, *EXACT, folder / "long-silence.flac")
