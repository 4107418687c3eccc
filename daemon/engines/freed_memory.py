"""Memory that is not needed any more goes back to the system, and nothing of it lies about in this process.

What is freed is overwritten as it is freed, because the child's environment says so (`child_environment`).
"""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back_memory() -> None:
    """Free what only cycles still hold, and hand free pages back."""
    gc.collect()
    if sys.platform == "darwin":
        # malloc/malloc.h: size_t malloc_zone_pressure_relief(malloc_zone_t *zone, size_t goal); NULL is all zones, 0 all there is.
        relieve = ctypes.CDLL(None).malloc_zone_pressure_relief
        relieve.argtypes, relieve.restype = (ctypes.c_void_p, ctypes.c_size_t), ctypes.c_size_t
        relieve(None, 0)
    else:
        ctypes.CDLL(None).malloc_trim(0)
