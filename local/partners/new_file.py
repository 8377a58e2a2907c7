"""Writes a partner's file from what a command was told."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from infra import partner_files
from infra.partner_declaration import mistaken_name
from infra.partner_files import PartnerFileError
from local.problem import Problem


def write(
    name: str,
    *,
    merchants: Sequence[str],
    events: Sequence[str],
    way: tuple[str, object],
    stages: Sequence[str],
    folder: Path = partner_files.FOLDER,
) -> Path:
    """`<folder>/<name>.yaml`. Raises Problem when it is there already, or would be wrong and so is not left."""
    if mistake := mistaken_name(name):
        raise Problem(f"{mistake}.")
    path = folder / f"{name}.yaml"
    if path.exists():
        raise Problem(f"There is a partner {name} already.", f"Change {path}.")
    content: dict[str, object] = {
        "stages": list(stages),
        "merchants": list(merchants),
        "events": dict.fromkeys(events, "all"),
        way[0]: way[1],
    }
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    try:
        partner_files.read(folder)
    except PartnerFileError as error:
        path.unlink()
        raise Problem("That would be no partner's file:", str(error)) from None
    return path
