"""Which of the repository's own files one service's package holds."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from infra.packages.errors import PackageError

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Sources:
    """One service as it is in the repository at one moment: hashed and packaged from the same bytes."""

    service: str
    requirements: Path  # its locked dependencies
    aws: frozenset[str]  # the AWS services it calls, by botocore's names
    files: dict[str, bytes]  # import path, e.g. "services/orders/table.py", to content


def read(service: str, repository: Path = REPOSITORY) -> Sources:
    """Python is packaged, and the texts (JSON) that it reads.

    Not the stack, which runs at deploy time, nor resolvers and schema, which AppSync runs.
    """
    folder = repository / "services" / service
    requirements = repository / "requirements" / f"{service}.txt"
    if not (folder / "pyproject.toml").is_file():
        known = sorted(found.parent.name for found in repository.glob("services/*/pyproject.toml"))
        raise PackageError(f"There is no service {service!r}; the services are {', '.join(known)}")
    if not requirements.is_file():
        raise PackageError(f"{requirements} is missing: run `make lock`")
    modules = [repository / "services" / "__init__.py"]
    modules += (module for module in folder.rglob("*.py") if module != folder / "stack.py")
    modules += folder.rglob("*.json")
    events = repository / "events"
    files = {module.relative_to(repository).as_posix(): module.read_bytes() for module in modules}
    files |= {
        module.relative_to(events).as_posix(): module.read_bytes()
        for module in (events / "delivery_events").rglob("*.py")
    }
    return Sources(service, requirements, _aws_services(folder / "pyproject.toml"), dict(sorted(files.items())))


def services(repository: Path = REPOSITORY) -> list[str]:
    """Every service of the repository, by name."""
    return sorted(found.parent.name for found in repository.glob("services/*/pyproject.toml"))


def _aws_services(pyproject: Path) -> frozenset[str]:
    declared = tomllib.loads(pyproject.read_text()).get("tool", {}).get("delivery", {}).get("aws")
    if not isinstance(declared, list) or not all(isinstance(name, str) for name in declared):
        raise PackageError(f'{pyproject}: [tool.delivery] needs aws = ["dynamodb", …], the AWS services this one calls')
    return frozenset(declared)
