"""Who may import whom. Each rule lists what a module does against it, one readable line each."""

import importlib.metadata
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from tests.boundaries.repository import ROOT, Import, Module, imports

Rule = Callable[[Module], list[str]]

# What code may use that only computes: no input or output, no clock, no environment, and no chance but by a given seed.
COMPUTES = {
    "bisect", "collections", "dataclasses", "datetime", "decimal", "enum", "functools", "h3", "heapq", "itertools",
    "json", "math", "operator", "pydantic", "random", "re", "statistics", "typing", "uuid",
}  # fmt: skip
# Those modules of the shared package that are data and nothing else.
EVENT_MODELS = tuple(
    f"delivery_events.{module}"
    for module in ("envelope", "orders", "dispatch", "tracking", "notifications", "partners", "public", "values",
                   "Event", "EventData", "CATALOG", "new_event")
)  # fmt: skip
CLOCKS = re.compile(
    r"from random import|\brandom\.(?!Random\((?!\)))|\b(datetime\.(now|utcnow|today)|date\.today|uuid[14])\("
)


def packaged(module: Module) -> list[str]:
    """A function's code uses the standard library, its own service, the events package, and what its service locks.

    So no service knows another one, and nothing that runs on Lambda knows infra, local, or a tool of the workspace.
    """
    own = f"services.{module.service}" if module.name.startswith("services.") else "delivery_events"
    allowed = locked_imports(module.service) if own != "delivery_events" else locked_by_all()
    return [
        _line(module, each)
        for each in imports(module)
        if each.at_runtime
        and not each.within(own, "delivery_events")
        and each.top not in allowed
        and (each.top not in sys.stdlib_module_names or each.top == "importlib")
    ]


def stack(module: Module) -> list[str]:
    """A stack uses the CDK, infra, the event models and its own service's constants; no handler."""
    own = f"services.{module.service}"
    return [
        _line(module, each)
        for each in imports(module)
        if each.within(f"{own}.handlers", f"{own}.table", f"{own}.settings")
        or not (each.within(own, "infra", *EVENT_MODELS) or each.top in {"aws_cdk", "constructs", *COMPUTES})
    ]


def pure(module: Module) -> list[str]:
    """Computes and nothing else. What it imports of its own service is held to the same, by `closure`."""
    offences = [
        _line(module, each)
        for each in imports(module)
        if each.at_runtime
        and each.top not in COMPUTES
        and not each.within(*EVENT_MODELS)
        and (not each.within(f"services.{module.service}") or each.within(f"services.{module.service}.handlers"))
    ]
    clocks = (number for number, line in enumerate(module.source.splitlines(), 1) if CLOCKS.search(line))
    return offences + [f"{module.name}:{number} reads a clock or draws an id" for number in clocks]


def closure(start: str, known: Mapping[str, Module]) -> list[Module]:
    """The module `start` and all of its own service that it imports, directly or not."""
    found: dict[str, Module] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found[name] = known[name]
            # Of "a.b.c", b may be the module and c in it, or c the module.
            waiting += [n for each in imports(known[name]) for n in (each.name, each.name.rpartition(".")[0])]
    return list(found.values())


def only_in(allowed: Callable[[str], bool], *packages: str) -> Rule:
    """`packages` are imported by those modules alone whose file name is allowed."""

    def rule(module: Module) -> list[str]:
        if allowed(module.name.rpartition(".")[2]):
            return []
        return [_line(module, each) for each in imports(module) if each.within(*packages)]

    return rule


def apart_from(*packages: str) -> Rule:
    """Imports nothing of `packages`."""
    return lambda module: [_line(module, each) for each in imports(module) if each.within(*packages)]


@cache
def locked_imports(service: str) -> frozenset[str]:
    """The import names of the distributions in requirements/<service>.txt."""
    text = (ROOT / "requirements" / f"{service}.txt").read_text()
    locked = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", text, re.M)}
    return frozenset(
        name
        for name, distributions in _distributions().items()
        if {each.lower().replace("_", "-") for each in distributions} & locked
    )


@cache
def _distributions() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


@cache
def locked_by_all() -> frozenset[str]:
    services = [path.parent.name for path in ROOT.glob("services/*/pyproject.toml")]
    return frozenset.intersection(*map(locked_imports, services))


def broken(rule: Rule, found: Iterable[Module]) -> list[str]:
    return [line for module in found for line in rule(module)]


def _line(module: Module, each: Import) -> str:
    return f"{module.name}:{each.line} imports {each.name}"
