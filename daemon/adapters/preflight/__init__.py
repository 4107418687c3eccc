"""Preflight: what must hold before patients' files come in. One module a matter; `codes` lists every check.

A check never raises and never hangs: commands run under a time limit, and what cannot be told is a warning that says so.
"""

from __future__ import annotations

from daemon.adapters.preflight.check import SEVERITY, Folders, unknown
from daemon.adapters.preflight.codes import CHECKS, CheckInfo, expected
from daemon.adapters.preflight.encryption import check_encryption
from daemon.adapters.preflight.folders import check_access, check_folders, check_unknown_folders
from daemon.adapters.preflight.isolation import check_isolation, prove
from daemon.adapters.preflight.machine import (
    check_clock,
    check_core_dumps,
    check_disk,
    check_memory,
    check_network_time,
    check_package_clash,
    check_space,
)
from daemon.adapters.preflight.material import (
    check_audit,
    check_checkpoints,
    check_decoding,
    check_documents,
    check_drafter,
    check_keys,
    check_model,
    check_recovery,
    check_schema,
    last_event_time,
)
from daemon.adapters.preflight.power import check_power_restart, check_service, check_sleep, check_start
from daemon.adapters.preflight.privacy import check_backups, check_search
from daemon.adapters.preflight.system import Platform, System
from daemon.adapters.preflight.volumes import check_encrypted_volume, check_volumes, is_away
from daemon.model.preflight_check import Check, Level

__all__ = [
    "CHECKS", "SEVERITY", "Check", "CheckInfo", "Folders", "Level", "Platform", "System", "check_access",
    "check_audit", "check_backups", "check_checkpoints", "check_clock", "check_core_dumps", "check_decoding", "check_disk",
    "check_documents", "check_drafter", "check_encrypted_volume", "check_encryption", "check_folders", "check_isolation", "check_keys",
    "check_memory", "check_model", "check_network_time", "check_package_clash", "check_power_restart", "check_recovery",
    "check_schema", "check_search",
    "check_service", "check_sleep", "check_space", "check_start", "check_unknown_folders", "check_volumes",
    "expected", "is_away", "last_event_time", "prove", "unknown",
]  # fmt: skip
