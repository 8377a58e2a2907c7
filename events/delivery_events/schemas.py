"""Each event type's JSON Schema, as committed in `events/schemas/<detail type>.json`.

python -m delivery_events.schemas            write them all
python -m delivery_events.schemas --check    exit 1 if a committed schema differs from its model
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from delivery_events.catalog import CATALOG
from delivery_events.envelope import Event
from delivery_events.examples import complete

DIRECTORY = Path(__file__).parents[1] / "schemas"


def schema(detail_type: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one event type's `detail`.

    Beside the standard's keywords: `x-source` is EventBridge's `source`, `x-unit` what a number counts, and a field
    marked `x-internal` stays inside the platform.
    """
    model = CATALOG[detail_type]
    content = Event[model].model_json_schema(mode="serialization")  # type: ignore[valid-type]
    named = content["$defs"]["Metadata"]["properties"]
    named["type"] |= {"const": model.TYPE, "examples": [model.TYPE]}
    named["version"] |= {"const": model.VERSION, "examples": [model.VERSION]}
    content |= {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": detail_type,
        "description": model.__doc__,
        "x-source": model.SOURCE,
    }
    return complete(content)


def committed_text(detail_type: str) -> str:
    return json.dumps(schema(detail_type), indent=2, sort_keys=True) + "\n"


def differences(directory: Path = DIRECTORY) -> list[str]:
    """What is wrong with the committed schemas, one readable line each."""
    there = {path.stem: path for path in directory.glob("*.json")}
    lines = [f"{name}.json is of no known event type" for name in sorted(there.keys() - CATALOG.keys())]
    for detail_type in CATALOG:
        if detail_type not in there:
            lines.append(f"{detail_type}.json is missing")
        elif there[detail_type].read_text() != committed_text(detail_type):
            lines.append(f"{detail_type}.json differs from its model")
    return lines


def write(directory: Path = DIRECTORY) -> None:
    directory.mkdir(exist_ok=True)
    for path in directory.glob("*.json"):
        path.unlink()
    for detail_type in CATALOG:
        (directory / f"{detail_type}.json").write_text(committed_text(detail_type))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 on a difference")
    if not parser.parse_args().check:
        write()
        return 0
    lines = differences()
    print("\n".join(lines) or "the committed schemas are those of the models")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
