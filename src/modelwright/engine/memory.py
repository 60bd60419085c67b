"""Memory of this machine, as far as this process may use it."""

from __future__ import annotations

import os
from pathlib import Path

CGROUP_LIMITS = ("memory.max", "memory/memory.limit_in_bytes")  # of version 2 and 1
CGROUP = Path("/sys/fs/cgroup")
STATM = Path("/proc/self/statm")


def whole_memory() -> int:
    """Return how many bytes the machine, or the container that this process runs in, has."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([pages, *_cgroup_limits()])


def held_memory() -> int:
    """Return how many bytes of memory this process holds."""
    if STATM.exists():
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # the most it ever held: the best there is
    return peak if sys.platform == "darwin" else peak * 1024


def _cgroup_limits() -> list[int]:
    written = [path.read_text().strip() for name in CGROUP_LIMITS if (path := CGROUP / name).is_file()]
    return [int(text) for text in written if text.isdigit()]
