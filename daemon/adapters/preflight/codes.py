"""Every check that there is: its code, what it looks at, how bad it may be, and when it is made. A contract, as the error codes are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from daemon.adapters.preflight.system import Platform
from daemon.model.preflight_check import Level

Group = Literal["folders", "disks", "keys", "models", "machine", "records"]


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """One check. `worst` is the worst level it comes to; `quick` checks are made before each `run` too, all others by `doctor`
    alone. `only`: on this platform alone."""

    code: str
    group: Group
    about: str
    worst: Level
    quick: bool = False
    only: Platform | None = None

    def made_on(self, platform: Platform) -> bool:
        """Whether it is made there."""
        return self.only in (None, platform)


CHECKS: tuple[CheckInfo, ...] = (
    CheckInfo("folders-apart", "folders", "inbox, outbox and state are three folders, none inside another", "refuse", quick=True),
    CheckInfo("folder-inbox", "folders", "the inbox is there, no link, and this account may write it", "refuse", quick=True),
    CheckInfo("folder-outbox", "folders", "the same for the outbox", "refuse", quick=True),
    CheckInfo("folder-state", "folders", "the same for the state folder", "refuse", quick=True),
    CheckInfo("state-private", "folders", "the state folder is this account's alone", "refuse", quick=True),
    CheckInfo("cloud-folders", "folders", "no folder is one that a cloud service copies away (`cloud_agreement`)", "refuse", quick=True),
    CheckInfo("folder-access", "folders", "no other account looks into inbox and outbox, except as `outbox_mode` says", "warn", quick=True),
    CheckInfo("inbox-folders", "folders", "every folder in the inbox is a document's or a packet", "warn"),
    CheckInfo("disk-encryption", "disks", "FileVault, LUKS or the like below all three folders (`accept_unencrypted_disk`); Linux: a warning", "refuse", quick=True),
    CheckInfo("volumes", "disks", "state on no network share; nothing on a disk that may be unplugged", "refuse", quick=True),
    CheckInfo("encrypted-volume", "disks", "the volume of `encrypted_volume` is open, and holds inbox and outbox", "refuse", quick=True),
    CheckInfo("disk-space", "disks", "room to work: 5 GB, at least 500 MB", "refuse", quick=True),
    CheckInfo("search-index", "disks", "Spotlight finds nothing in inbox and outbox", "warn", only="darwin"),
    CheckInfo("backups", "disks", "Time Machine leaves out inbox, outbox and keys", "warn", only="darwin"),
    CheckInfo("keys", "keys", "the keys and the recovery key's public half are whole and private", "refuse", quick=True),
    CheckInfo("recovery-here", "keys", "the recovery key is off this machine", "warn"),
    CheckInfo("model-speech", "models", "the speech model is installed; `doctor` also computes its hashes", "refuse", quick=True),
    CheckInfo("model-ocr", "models", "the same for the model that reads scans", "refuse", quick=True),
    CheckInfo("model-language", "models", "the same for the language model, unless `drafter` is \"quoting\"", "refuse", quick=True),
    CheckInfo("memory", "models", "the chosen models fit into memory", "refuse", quick=True),
    CheckInfo("decode-one-token", "models", "the language model decodes one token in a child process", "refuse"),
    CheckInfo("drafter", "models", "what writes the drafts, in which manner, and by what measurement (`drafter`, `[draft] manner`)", "warn"),
    CheckInfo("isolation", "models", "the reading process reaches neither the network, other programs, the keys nor a place to write: tried out (`accept_no_isolation`)", "refuse", quick=True),
    CheckInfo("clock", "machine", "the clock is neither before this release nor behind the audit trail", "refuse", quick=True),
    CheckInfo("network-time", "machine", "the clock is set by the network", "warn"),
    CheckInfo("sleep", "machine", "the machine does not fall asleep while it is plugged in", "warn"),
    CheckInfo("power-restart", "machine", "the Mac starts by itself after a power cut", "warn", only="darwin"),
    CheckInfo("start-after-power", "machine", "Chartdraft runs after a restart although nobody logs in", "warn"),
    CheckInfo("service", "machine", "Chartdraft is installed as a background service, and runs", "warn"),
    CheckInfo("core-dumps", "machine", "a crash leaves no memory on the disk", "warn"),
    CheckInfo("package-clash", "machine", "no package that replaces parts of this one (`python-daemon`)", "refuse", quick=True),
    CheckInfo("schema", "records", "the home was not written by a newer version", "refuse", quick=True),
    CheckInfo("documents", "records", "the practice's own documents and handouts are valid", "refuse"),
    CheckInfo("audit", "records", "the audit trail verifies", "refuse"),
    CheckInfo("checkpoint-outside", "records", "a checkpoint not older than 7 days lies on another disk", "warn"),
)  # fmt: skip


def expected(platform: Platform, *, thorough: bool) -> tuple[str, ...]:
    """The codes that are emitted there, in their order."""
    return tuple(info.code for info in CHECKS if info.made_on(platform) and (thorough or info.quick))


def markdown_table() -> Iterator[str]:
    """The table of the README, a line each."""
    yield "| code | looks at | at worst | before `run` | where |"
    yield "|---|---|---|---|---|"
    where = {None: "both", "darwin": "macOS", "linux": "Linux"}
    for info in CHECKS:
        yield f"| `{info.code}` | {info.about} | {info.worst} | {'yes' if info.quick else 'no'} | {where[info.only]} |"
