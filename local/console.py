"""Where commands write: results to standard output, everything else to standard error."""

import json
from dataclasses import asdict, is_dataclass
from typing import Any

from rich.console import Console

# soft_wrap: identifiers and paths are to be copied; only tables and panels may be broken into lines.
out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def print_json(value: Any) -> None:
    """A dataclass, or anything made of plain values, as JSON for a program to read."""
    plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    print(json.dumps(plain, indent=2, default=str))


def say(line: str) -> None:
    """One step of something that takes a while."""
    err.print(line, style="dim", markup=False)
