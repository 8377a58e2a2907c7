"""The templates that the app synthesises, and how to ask them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aws_cdk import App, IPolicyValidationPlugin, Validations
from constructs import IConstruct

from infra.app import build

Json = dict[str, Any]

# One partner of each kind, on every stage. The repository's own partners are all for a laptop.
PARTNERS = Path(__file__).parent / "partners"


@dataclass(frozen=True)
class Resource:
    """One resource of a template. `properties` are as CloudFormation gets them, intrinsic functions included."""

    stack: str
    id: str
    type: str
    properties: Json
    content: Json

    def __str__(self) -> str:
        return f"{self.stack}/{self.id}"


@dataclass(frozen=True)
class Platform:
    """All stacks of one stage. `findings` is what a security check said, one line each, had one been asked."""

    directory: Path
    templates: dict[str, Json]
    findings: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, directory: Path) -> Self:
        templates = {
            path.name.removesuffix(".template.json"): json.loads(path.read_text())
            for path in sorted(directory.glob("*.template.json"))
        }
        return cls(directory, templates, findings(directory))

    def all(self, *types: str) -> list[Resource]:
        """Every resource of these types, of all types if none is named; in all stacks."""
        return [
            Resource(stack, id_, content["Type"], content.get("Properties", {}), content)
            for stack, template in self.templates.items()
            for id_, content in template["Resources"].items()
            if not types or content["Type"] in types
        ]

    def one(self, stack: str, id_: str) -> Resource:
        content = self.templates[stack]["Resources"][id_]
        return Resource(stack, id_, content["Type"], content.get("Properties", {}), content)

    def pointed_at(self, stack: str, value: Any) -> Resource:
        """The resource that a Ref or an Fn::GetAtt of this stack means."""
        return self.one(stack, points_at(value))

    def statements(self, *types: str) -> list[tuple[Resource, Json]]:
        """Every statement of every policy of these types, with the resource it stands in."""
        return [
            (policy, statement)
            for policy in self.all(*types)
            for statement in policy.properties["PolicyDocument"]["Statement"]
        ]


def synthesise(
    directory: Path,
    *,
    check: Callable[[App], IPolicyValidationPlugin] | None = None,
    add: Callable[[App], object] = build,
    **context: str,
) -> Platform:
    """Synthesises the app in this process. `check` judges it; what it finds is in the result, and stops nothing."""
    given = {"partners": str(PARTNERS), **context}
    app = App(context={name.replace("_", "-"): value for name, value in given.items()}, outdir=str(directory))
    add(app)
    if check:
        Validations.of(app).add_plugins(check(app))
    try:
        app.synth()
    except RuntimeError as error:
        if not str(error).startswith("ValidationFailed"):
            raise
    return Platform.read(directory)


def findings(directory: Path) -> list[str]:
    """The lines of the validation report that a check left, if it found anything."""
    path = directory / "validation-report.json"
    reports = json.loads(path.read_text())["pluginReports"] if path.exists() else []
    return [
        f"{found['ruleName']}: {construct['constructPath']}"
        for report in reports
        for found in report["violations"]
        for construct in found["violatingConstructs"]
    ]


def points_at(value: Any) -> str:
    """The logical id in a Ref or an Fn::GetAtt; the value itself, as JSON, if it is neither."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
        case _:
            return json.dumps(value)


def inside(value: Any, key: str) -> bool:
    """Whether an intrinsic function or property of this name occurs anywhere in `value`."""
    if isinstance(value, dict):
        return key in value or any(inside(each, key) for each in value.values())
    return isinstance(value, list) and any(inside(each, key) for each in value)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def names(found: Iterable[Resource]) -> list[str]:
    return sorted(map(str, found))


def path_of(construct: IConstruct) -> str:
    return construct.node.path
