"""The machine that was measured, described; and what on it makes figures worse than they need be."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

BUSY_LOAD = 0.5
"""A load average above it, before anything is measured, is somebody else's work."""
_LONGEST_NAME = 80


def describe() -> dict[str, Any]:
    """What figures depend on; to be asked before anything is measured, for the load. No name of a machine or of a person."""
    import psutil  # type: ignore[import-untyped]  # it ships no types

    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return {
        "system": f"macOS {platform.mac_ver()[0]}" if sys.platform == "darwin" else platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "model": _sysctl("hw.model"),
        "cores": os.cpu_count() or 0,
        "physical_cores": psutil.cpu_count(logical=False) or 0,
        "memory_bytes": int(psutil.virtual_memory().total),
        "memory_available_bytes": int(psutil.virtual_memory().available),
        "on_battery": bool(battery is not None and not battery.power_plugged),
        "load_average_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def _processor() -> str:
    if sys.platform == "darwin":
        return _sysctl("machdep.cpu.brand_string")
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0][:_LONGEST_NAME] if names else ""


def _sysctl(name: str, system: str = sys.platform) -> str:
    if system != "darwin":
        return ""
    from daemon.adapters.machine.commands import run_command

    return run_command(["/usr/sbin/sysctl", "-n", name], seconds=10).out.strip()[:_LONGEST_NAME]
