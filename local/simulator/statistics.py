"""Percentiles and the latency of calls."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any


def percentile(values: Sequence[float], q: float) -> float | None:
    """The nearest-rank percentile, `q` in 0..1: the least value that at least that share does not exceed."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(q * len(values)) - 1)]


def p50_p95(values: Iterable[float]) -> dict[str, float | None]:
    known = list(values)
    found = {name: percentile(known, q) for name, q in (("p50", 0.5), ("p95", 0.95))}
    return {name: None if value is None else round(value, 1) for name, value in found.items()}


class Latencies:
    """How long each operation took its caller, in wall seconds."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, list[float]] = defaultdict(list)

    def add(self, operation: str, seconds: float) -> None:
        self._seconds[operation].append(seconds)

    def clear(self) -> None:
        self._seconds.clear()

    def summary(self) -> dict[str, dict[str, Any]]:
        """Milliseconds by operation."""
        return {
            operation: {"count": len(seconds), **p50_p95(1000 * s for s in seconds)}
            for operation, seconds in sorted(self._seconds.items())
        }
