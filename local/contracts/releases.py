"""The contracts that were released: what every later version of a type is held against.

`events/released/<version>.json` is one release of the events package: the contract of each type that is new or was
added to since the release before. They are files and no tags, because CI clones the newest commit alone, without tags,
and because a review sees a file that changes, and no tag that moves.
"""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.contracts.canonical import ANNOTATIONS
from local.problem import Problem

FOLDER = "events/released"
SCHEMAS = "events/schemas"

Json = dict[str, Any]
_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True)
class Release:
    """name: of the release, or of the revision that the schemas are of. schemas: by detail type."""

    name: str
    schemas: Mapping[str, Json]


def read(root: Path) -> list[Release]:
    """Every release, the oldest first. Raises Problem when one cannot be read."""
    return _parsed({path.name: path.read_text() for path in (root / FOLDER).glob("*.json")})


def read_revision(root: Path, revision: str) -> list[Release]:
    """Every release that `revision` of the repository holds, and the schemas that stand there. Raises Problem."""
    found = _parsed(_at(root, revision, FOLDER))
    schemas = {name.removesuffix(".json"): json.loads(text) for name, text in _at(root, revision, SCHEMAS).items()}
    return [*found, Release(revision, schemas)]


def write(root: Path, version: str, schemas: Mapping[str, Json]) -> list[str]:
    """Releases `schemas` as `version`; the types that it writes down. Raises Problem when there is nothing to release,
    or the version is not newer than every release."""
    earlier = read(root)
    if not _VERSION.fullmatch(version):
        raise Problem(f"{version!r} is no version.", "Versions are three numbers, such as 1.2.0.")
    if earlier and _order(version) <= _order(earlier[-1].name):
        raise Problem(f"{version} is not newer than {earlier[-1].name}.", "Raise `version` in events/pyproject.toml.")
    known = {name: schema for release in earlier for name, schema in release.schemas.items()}
    bare = {name: contract(schema) for name, schema in sorted(schemas.items())}
    changed = {name: schema for name, schema in bare.items() if known.get(name) != schema}
    if not changed:
        raise Problem(f"Nothing has changed since {earlier[-1].name}.", "There is nothing to release.")
    path = root / FOLDER / f"{version}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(changed, indent=1, sort_keys=True) + "\n")
    return list(changed)


def contract(schema: Any) -> Any:
    """`schema` without the words in it: what they say may be said better at any time."""
    if isinstance(schema, list):
        return [contract(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: each for name, each in schema.items() if name not in ANNOTATIONS - {"$defs"}}
    return {name: _members(each) if name in {"properties", "$defs"} else contract(each) for name, each in kept.items()}


def _members(named: Json) -> Json:
    """Names here are those of fields and definitions, whatever keyword they may look like."""
    return {name: contract(each) for name, each in named.items()}


def _parsed(texts: Mapping[str, str]) -> list[Release]:
    found = []
    for name, text in texts.items():
        version = name.removesuffix(".json")
        try:
            found.append(Release(version, dict(json.loads(text))))
            _order(version)
        except (ValueError, TypeError) as error:
            raise Problem(f"{FOLDER}/{name} is no release: {error}", "It must be as it was committed.") from error
    return sorted(found, key=lambda release: _order(release.name))


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _at(root: Path, revision: str, folder: str) -> dict[str, str]:
    """The JSON files of a folder as they are in a revision, by name."""
    if revision.startswith("-"):
        raise Problem(f"{revision!r} is no revision.", "Name a branch, a tag or a commit.")
    listed = _git(root, revision, "ls-tree", "--name-only", revision, f"{folder}/")
    return {
        path.rpartition("/")[2]: _git(root, revision, "show", f"{revision}:{path}")
        for path in listed.splitlines()
        if path.endswith(".json")
    }


def _git(root: Path, revision: str, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(
            f"git does not know {revision}: {done.stderr.strip()}",
            "In a shallow clone, fetch it first: git fetch --depth 1 origin REVISION",
        )
    return done.stdout
