"""Speaks the texts of tests/assets/reading/scripts.tsv, as they sound in a quiet room, in noise, in a room with echo and over a telephone."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
from asset_audio import EXACT, ffmpeg

RATE = 16_000  # Hz
TOOL_VOICES = ("jm_kumo", "jf_alpha", "jf_nezumi")
ESPEAK_VOICES = ("en-us", "en-gb+f3")
WAYS = ("clean", "noise-15", "clean", "room", "clean", "phone", "clean", "noise-10")
"""In turn, text by text. The number is the signal over the noise in dB."""
BITRATE = "20k"
PAUSE = np.zeros(RATE // 3, np.float32)
_MARKED = re.compile(r"\{\w+ ([^}]*)\}")

Samples = Any


def write_all(folder: Path, tool: Path | None, spoken: Path) -> list[dict[str, object]]:
    """Write every recording that can be made here, and list all that are there: file, script, voice, way."""
    spoken.mkdir(parents=True, exist_ok=True)
    with (folder / "scripts.tsv").open(encoding="utf-8", newline="") as table:
        scripts = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    listed: list[dict[str, object]] = []
    for number, script in enumerate(scripts):
        for voice, way in clips_of(number, script["kind"]):
            name = f"{script['id']}-{voice.split('+')[0].replace('_', '-')}.opus"
            if tool is not None or voice in ESPEAK_VOICES:
                samples = spoken_text(script["text"], voice, tool, spoken / f"{name}.npy")
                write_opus(as_heard(samples, way, number), folder / name)
                if way == "phone":
                    write_phone(folder / name)
            if (folder / name).is_file():
                listed.append({"file": name, "script": script["id"], "voice": voice, "way": way})
    return listed + speechless(folder)


def clips_of(number: int, kind: str) -> list[tuple[str, str]]:
    """The voices a text is spoken in, and how each is heard."""
    found = [(TOOL_VOICES[number % 3], WAYS[number % len(WAYS)] if kind == "dictation" else "clean")]
    if kind != "conversation" and number % 2 == 0:
        found.append((ESPEAK_VOICES[number // 2 % 2], "clean"))
    return found


def spoken_text(text: str, voice: str, tool: Path | None, kept: Path) -> Samples:
    """Samples of a text, or of a conversation ("A: … | B: …"), whose second voice is the next one."""
    if kept.is_file():
        return np.load(kept)
    parts = []
    for turn in _MARKED.sub(r"\1", text).split(" | "):
        who, said = (turn[0], turn[3:]) if turn[1:3] == ": " else ("A", turn)
        parts += [spoken_turn(said, voice if who == "A" else _other(voice), tool, kept), PAUSE]
    whole = np.concatenate(parts)
    np.save(kept, whole)
    return whole


def _other(voice: str) -> str:
    return TOOL_VOICES[(TOOL_VOICES.index(voice) + 1) % len(TOOL_VOICES)]


def spoken_turn(text: str, voice: str, tool: Path | None, near: Path) -> Samples:
    raw, wav = near.with_suffix(".raw.wav"), near.with_suffix(".wav")
    if voice in ESPEAK_VOICES:
        command = ["espeak-ng", "-v", voice, "-s", "150", "-w", str(raw), "--stdin"]
    else:
        command = [sys.executable, str(tool), str(raw), "--voice", voice, "--speed", "1.0"]
    subprocess.run(command, input=text.encode(), check=True)
    shorter = "silenceremove=stop_periods=-1:stop_duration=0.5:stop_threshold=-50dB"
    ffmpeg("-i", raw, "-af", shorter, "-ar", str(RATE), "-ac", "1", *EXACT, wav)
    with wave.open(str(wav)) as opened:
        samples = np.frombuffer(opened.readframes(opened.getnframes()), "<i2").astype(np.float32) / 32768
    raw.unlink()
    wav.unlink()
    return samples


def as_heard(samples: Samples, way: str, seed: int) -> Samples:
    dice = np.random.default_rng(seed)
    if way.startswith("noise-"):
        return with_noise(samples, float(way.partition("-")[2]), dice)
    if way == "room":
        return in_room(samples, dice)
    return samples


def with_noise(samples: Samples, decibels: float, dice: np.random.Generator) -> Samples:
    """Pink noise, `decibels` below the speech."""
    noise = pink(len(samples), dice)
    wanted = np.sqrt(np.mean(samples**2)) / 10 ** (decibels / 20)
    return samples + noise * wanted / np.sqrt(np.mean(noise**2))


def pink(count: int, dice: np.random.Generator) -> Samples:
    """Noise whose power falls with the frequency."""
    spectrum = np.fft.rfft(dice.normal(size=count))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    return np.fft.irfft(spectrum, count).astype(np.float32)


def in_room(samples: Samples, dice: np.random.Generator) -> Samples:
    """An echo that dies away by 60 dB in 0.4 s, 8 dB below the voice: an office with bare walls."""
    time = np.arange(int(0.4 * RATE)) / RATE
    tail = dice.normal(size=len(time)) * np.exp(-6.9 * time / 0.4)
    tail *= 10 ** (-8 / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    size = len(samples) + len(tail)
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)[: len(samples)]
    return heard.astype(np.float32)


def write_opus(samples: Samples, path: Path) -> None:
    wav = path.with_suffix(".tmp.wav")
    loud = samples / max(1.0, float(np.abs(samples).max()) / 0.97)
    with wave.open(str(wav), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((loud * 32767).astype("<i2").tobytes())
    ffmpeg("-i", wav, "-c:a", "libopus", "-b:a", BITRATE, *EXACT, path)
    wav.unlink()


def write_phone(path: Path) -> None:
    """A telephone's band, 300 to 3400 Hz, at 8 kHz."""
    narrow = path.with_suffix(".tmp.opus")
    ffmpeg(
        "-i",
        path,
        "-af",
        "highpass=f=300,lowpass=f=3400",
        "-ar",
        "8000",
        "-c:a",
        "libopus",
        "-b:a",
        "12k",
        *EXACT,
        narrow,
    )
    narrow.replace(path)


def speechless(folder: Path) -> list[dict[str, object]]:
    """Twenty recordings in which nobody speaks: silence, noise of many colours, hum, clicks, a ringing, footsteps, music."""
    listed: list[dict[str, object]] = []
    for number in range(20):
        name, seconds = f"nobody-{number + 1:02}.opus", (2, 6, 12, 25)[number % 4]
        write_opus(_nothing_said(number, seconds * RATE), folder / name)
        listed.append({"file": name, "script": "", "voice": "", "way": _KINDS[number % len(_KINDS)]})
    return listed


_KINDS = ("silence", "pink", "white", "hum", "clicks", "tone", "rumble", "music", "bursts", "breath")


def _nothing_said(number: int, count: int) -> Samples:
    dice, time = np.random.default_rng(100 + number), np.arange(count) / RATE
    loud = (0.01, 0.1)[number // 10]
    white, beats = dice.normal(size=count), (time * (2 + number % 3)) % 1.0
    made = {
        "silence": lambda: white * 1e-5,
        "pink": lambda: _even(pink(count, dice)),
        "white": lambda: white,
        "hum": lambda: sum(np.sin(2 * np.pi * 60 * k * time) / k for k in (1, 2, 3, 5)),
        "clicks": lambda: (dice.random(count) < 3 / RATE) * 20.0,
        "tone": lambda: np.sin(2 * np.pi * 440 * time) * (beats < 0.5),
        "rumble": lambda: _even(np.cumsum(pink(count, dice))),
        "music": lambda: sum(np.sin(2 * np.pi * _note(time, part) * time) for part in range(3)) * (1 - beats),
        "bursts": lambda: white * (beats < 0.2),
        "breath": lambda: _even(pink(count, dice)) * np.sin(np.pi * time / 2) ** 2,
    }[_KINDS[number % len(_KINDS)]]()
    return np.asarray(made * loud, np.float32)


def _even(noise: Samples) -> Samples:
    return (noise - noise.mean()) / noise.std()


def _note(time: Samples, part: int) -> Samples:
    """A chord of three that changes every second."""
    steps = np.array([0, 5, 7, 3, 10])[(time.astype(int) + part) % 5] + 4 * part
    return 220.0 * 2 ** (steps / 12)
