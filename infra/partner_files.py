"""Reads `infra/partners/<name>.yaml`: who is sent which events, and how. A mistake is named with file and line."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from infra.construct_ids import construct_id
from infra.partner_declaration import Declaration, Partner, Queue, meaningless

FOLDER = Path(__file__).parent / "partners"


class PartnerFileError(Exception):
    """A file is wrong. The message has a line for each mistake: file, line, and what is allowed."""


def read(folder: Path = FOLDER, stage: str | None = None) -> list[Partner]:
    """Every partner of a stage, of all stages if None, by name. Raises PartnerFileError with the mistakes of all."""
    mistakes: list[str] = []
    partners = []
    ids: dict[str, Path] = {}
    for path in sorted(folder.glob("*.y*ml")):
        found = _File(path)
        mistakes += found.mistakes
        # As what a partner is made of is named in the stack.
        if (other := ids.setdefault(construct_id(path.stem), path)) != path:
            mistakes.append(f"{_shown(path)}:1: {path.stem} is too like {other.stem}; allowed is another name")
        if found.partner and stage in (None, *found.partner.declared.stages):
            partners.append(found.partner)
    if mistakes:
        raise PartnerFileError("\n".join(mistakes))
    return partners


def declared(folder: str | None, stage: str) -> list[Partner]:
    """The partners of a stage, from the app's context value `partners` or the folder here. Raises PartnerFileError."""
    return read(Path(folder) if folder else FOLDER, stage)


class _Loader(yaml.SafeLoader):
    """Without dates: what looks like one is a text here, and a wrong one would be no mistake of a line."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _File:
    """One file: its partner, or what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.partner: Partner | None = None
        self.mistakes: list[str] = []
        self._path = path
        self._lines: dict[tuple[str, ...], int] = {(): 1}
        try:
            text = path.read_text(encoding="utf-8")
            content = yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a safe loader
            self._locate(yaml.compose(text, Loader=_Loader), ())
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self._say(line, f"not YAML: {error.problem}")
            return
        except yaml.reader.ReaderError as error:
            self._say(text.count("\n", 0, error.position) + 1, f"not YAML: {error.reason}")
            return
        except UnicodeDecodeError as error:
            self._say(error.object.count(b"\n", 0, error.start) + 1, "not UTF-8, which is what is allowed")
            return
        except (RecursionError, ValueError):  # an alias to what it stands in, or a tag that its value does not fit
            self._say(1, "too deep, or with an alias or a tag: allowed are plain keys, texts, numbers and lists")
            return
        if not isinstance(content, dict):
            self._say(1, f"allowed are {', '.join(Declaration.model_fields)}")
            return
        if path.suffix != ".yaml":
            self._say(1, "the file's name must end in .yaml")
        self._judge(content)

    def _judge(self, content: dict[str, Any]) -> None:
        if self.mistakes:  # such as a key that is there twice: one of the two would be judged
            return
        try:
            partner = Partner(self._path.stem, Declaration.model_validate(content))
        except ValidationError as error:
            for each in error.errors(include_input=False):
                self._say(self._line(each["loc"]), _readable(each["loc"], each["type"], each["msg"]))
            return
        for place, mistake in meaningless(partner):
            self._say(self._line(place), mistake)
        if not self.mistakes:
            self.partner = partner

    def _say(self, line: int, mistake: str) -> None:
        self.mistakes.append(f"{_shown(self._path)}:{line}: {mistake}")

    def _locate(self, node: Any, place: tuple[str, ...]) -> None:
        """Where each key and each entry stands, and which keys are there twice."""
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*place, str(key.value))
                line = key.start_mark.line + 1
                if inner in self._lines:
                    self._say(line, f"{'.'.join(inner)} is there already, in line {self._lines[inner]}")
                self._lines[inner] = line
                self._locate(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                self._lines[(*place, str(number))] = value.start_mark.line + 1
                self._locate(value, (*place, str(number)))

    def _line(self, place: tuple[Any, ...]) -> int:
        """Of the innermost part of a place that is in the file."""
        known = tuple(map(str, place))
        while known not in self._lines:
            known = known[:-1]
        return self._lines[known]


def _readable(place: tuple[Any, ...], kind: str, message: str) -> str:
    name = ".".join(str(part) for part in place if part not in ("list[str]", "literal['all']"))
    if kind == "extra_forbidden":
        known = Queue.model_fields if place[0] == "sqs" and len(place) > 1 else Declaration.model_fields
        return f"{name} is unknown; allowed are {', '.join(known)}"
    if kind == "string_type":
        message = "allowed is a text, in quotes if it looks like a number or a truth value"
    text = message.removeprefix("Value error, ")
    return f"{name}: {text[0].lower()}{text[1:]}" if name else text


def _shown(path: Path) -> str:
    root = FOLDER.parents[1]
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
