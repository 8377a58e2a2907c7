"""botocore's descriptions of AWS services, cut down to what a call needs.

Each service is described in a file that is mostly its manual, and endpoints.json lists the regions of all services
there are. botocore reads both whenever a client is made: cut down, three clients and a resource take 0.07 s of
processor time instead of 0.17 s at every cold start (measured on one machine; the ratio is what counts).
"""

import gzip
import json
from pathlib import Path
from typing import Any

from infra.packages.errors import PackageError
from infra.packages.sources import Sources

_CREDENTIALS = "sts"  # asked for an endpoint when a role is assumed


def write(package: Path, layer: Path, own: Sources) -> None:
    """Writes botocore/data of a package for the AWS services that its service declares; none without botocore."""
    source = layer / "botocore" / "data"
    if not source.is_dir():
        return
    if unknown := sorted(name for name in own.aws if not (source / name).is_dir()):
        where = f"services/{own.service}/pyproject.toml, [tool.delivery] aws"
        raise PackageError(f"{where}: botocore knows no service called {', '.join(unknown)}")
    prefixes = {_CREDENTIALS}
    for path in sorted(path for name in own.aws for path in (source / name).rglob("*.json*")):
        described = _read(path)
        if path.name.startswith("service-"):
            prefixes.add(described["metadata"]["endpointPrefix"])
            described = _without_manual(described)
        _write(package / path.relative_to(layer), described)
    for path in sorted(source.glob("*.json")):
        described = _read(path)
        _write(
            package / path.relative_to(layer),
            _of_services(described, prefixes) if path.name == "endpoints.json" else described,
        )


def _without_manual(described: Any) -> Any:
    """Without prose. A shape's member that is itself called "documentation" is an object, not a text."""
    if isinstance(described, dict):
        return {
            key: _without_manual(value)
            for key, value in described.items()
            if not (key == "documentation" and isinstance(value, str))
        }
    return [_without_manual(value) for value in described] if isinstance(described, list) else described


def _of_services(endpoints: dict[str, Any], prefixes: set[str]) -> dict[str, Any]:
    partitions = [
        {**partition, "services": {name: it for name, it in partition["services"].items() if name in prefixes}}
        for partition in endpoints["partitions"]
    ]
    return {**endpoints, "partitions": partitions}


def _read(path: Path) -> Any:
    content = path.read_bytes()
    return json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)


def _write(path: Path, described: Any) -> None:
    """As plain JSON, which botocore looks for first: the package is zipped as a whole."""
    path = path.with_name(path.name.removesuffix(".gz"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(described, separators=(",", ":")))
