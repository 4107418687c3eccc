"""Which models: asked with what each weighs, needs and is licensed under; installed; named in the settings.

The starter models are installed with the environment, always: they are small, and what is asked for here may be
skipped or fail. No commit of the recommended ones stands here, because nobody here has computed its hashes.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from application import Application
from installed import Installed
from questions import Questions
from setup_tools import SetupError, say

_SPEC = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*@[0-9a-f]{40}(:[\w.-]+\.gguf)?", re.ASCII)
# The weights alone are 4.9 GB, the memory of a 16,384-token context about 2 GB more (32 layers of 8 heads of 128 numbers,
# twice, at 2 bytes: the published shape of Llama 3.1 8B), and the system wants its share.
RECOMMENDED_MEMORY_BYTES = 16_000_000_000
_CHOICES = """\
  1  starter      installed already: 0.4 GB; under 1 GB of memory; licences MIT and Apache-2.0
                  whisper base hears; a small model writes notes, one checked statement at a time; other documents quote what was said
  2  recommended  6.5 GB to download; a machine with 16 GB of memory; licences MIT and Llama 3.1 Community License
                  whisper large-v3-turbo hears (1.6 GB), Llama 3.1 8B Instruct Q4_K_M writes (4.9 GB)"""
_HOW = """\
  Choose a repository on the Hugging Face Hub for each, read its licence, and name its commit (40 hex digits, under
  Files → History); a branch can be moved to other weights. An empty answer skips one."""


@dataclass
class Wanted:
    """One model to be fetched: `OWNER/NAME@COMMIT` for speech, with `:FILE.gguf` for writing."""

    spec: str
    name: str = field(default="")

    @property
    def table(self) -> str:
        """The settings' table that names it."""
        return "language" if ":" in self.spec else "speech"

    def name_in_settings(self, config: Path) -> None:
        """Let the settings use it. Raises SetupError if the file was changed so that no line could be found."""
        before = config.read_text(encoding="utf-8-sig")
        after = with_model(before, self.table, self.name)
        expected = tomllib.loads(before)
        expected.setdefault(self.table, {})["model"] = self.name
        try:
            done = tomllib.loads(after) == expected
        except tomllib.TOMLDecodeError:
            done = False
        if not done:
            raise SetupError(f'please set model = "{self.name}" under [{self.table}] in {config} by hand.')
        temporary = config.with_name(f".{config.name}.part")
        temporary.touch(mode=0o600)
        temporary.write_text(after, encoding="utf-8")
        temporary.chmod(config.stat().st_mode & 0o777)
        temporary.replace(config)
        say(f"  {config} names {self.name} under [{self.table}].")


def with_model(text: str, table: str, name: str) -> str:
    """The settings with another model in one table; comments and all else stay as they are."""
    lines, header = text.splitlines(), None
    for number, line in enumerate(lines):
        if line.strip().startswith("["):
            header = number if re.match(rf"\s*\[\s*{table}\s*\]", line) else header
            inside = header == number
        elif header is not None and inside and (found := re.match(r"(\s*model\s*=\s*)(\"[^\"]*\"|'[^']*')(.*)", line)):
            lines[number] = f'{found[1]}"{name}"{found[3]}'
            return "\n".join(lines) + "\n"
    if header is None:
        lines.append(f"[{table}]")
        header = len(lines) - 1
    lines.insert(header + 1, f'model = "{name}"')
    return "\n".join(lines) + "\n"


def choose_models(given: str | None, questions: Questions, *, is_upgrade: bool) -> list[Wanted]:
    """What is to be fetched beside the starter models. Raises SetupError for a name that will not do."""
    if given is None and (is_upgrade or not questions.possible):
        say("  as they are." if is_upgrade else "  the starter models; `scripts/install --models …` adds others.")
        return []
    if given is None:
        say(_CHOICES)
        given = {"1": "starter", "2": "recommended"}.get(answer := questions.ask("  Which?", "1"), answer)
    if given == "starter":
        return []
    if given != "recommended":
        return [Wanted(expect_spec(spec)) for spec in given.split(",")]
    warn_of_memory()
    return ask_recommended(questions)


def ask_recommended(questions: Questions) -> list[Wanted]:
    """Ask for the two names. Raises SetupError where nobody can be asked."""
    if not questions.possible:
        raise SetupError(
            "which commit is recommended cannot be known here; please name the models:"
            " --models OWNER/NAME@COMMIT,OWNER/NAME@COMMIT:FILE.gguf"
        )
    say(_HOW)
    asked = (
        "  Speech, whisper large-v3-turbo for faster-whisper: OWNER/NAME@COMMIT?",
        "  Writing, Llama 3.1 8B Instruct: OWNER/NAME@COMMIT:FILE.gguf?",
    )
    answers = [ask_spec(questions, question) for question in asked]
    return [Wanted(answer) for answer in answers if answer]


def ask_spec(questions: Questions, question: str) -> str:
    """Ask until the answer is empty or will do."""
    while True:
        answer = questions.ask(question, "")
        if not answer or _SPEC.fullmatch(answer):
            return answer
        say("  That is not OWNER/NAME@COMMIT with 40 hex digits.")


def expect_spec(spec: str) -> str:
    """Refuse early what `models install` would refuse late. Raises SetupError."""
    if not _SPEC.fullmatch(spec):
        raise SetupError(f"--models {spec}: please give starter, recommended, or OWNER/NAME@COMMIT[:FILE.gguf].")
    return spec


def warn_of_memory() -> None:
    """Say if this machine is too small for the recommended models."""
    memory = memory_bytes()
    if memory and memory < 0.95 * RECOMMENDED_MEMORY_BYTES:  # a machine sold with 16 GB shows a little less
        say(f"  WARNING: this machine has {memory / 1e9:.0f} GB of memory; the recommended pair wants 16 GB.")


def memory_bytes() -> int:
    """This machine's memory; 0 if it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


def install_models(new: Installed, wanted: list[Wanted], application: Application, *, readable: bool) -> None:
    """Fetch them; an interrupted download is continued. Raises SetupError."""
    for model in wanted:
        done = new.install_model(model.spec)
        if not done:
            raise SetupError(
                f"{model.spec} could not be installed, for the reason above; the same command goes on where it ended,"
                " and with --models starter it does without."
            )
        model.name = done
    if readable:
        for path in application.models.rglob("*"):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
