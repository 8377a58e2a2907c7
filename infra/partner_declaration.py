"""What may stand in a partner's file, and what it means."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from delivery_events import CATALOG, EventData
from delivery_events.public import model_in, public_fields
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.fields import FieldInfo

# What the service's own functions and queues are called, which are named like the partners'.
RESERVED = frozenset({"eventbridge", "inbox", "outbox", "replay", "sqs", "sweep", "webhook"})
# What their names end in, in addition to the partners'.
RESERVED_ENDS = ("-failures", "-for-partner", "-schedule")
_NAME = re.compile(r"(?=.{2,30}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_BUS = re.compile(r"arn:aws[\w-]*:events:[a-z0-9-]+:\d{12}:event-bus/[\w./-]+")
_MOST_PATTERN = 2048  # characters of an event pattern, by EventBridge's default quota

FOR_PARTNERS: Mapping[str, type[EventData]] = {
    name: model for name, model in sorted(CATALOG.items()) if "merchant_id" in model.model_fields
}

Kind = Literal["webhook", "eventbridge", "sqs"]
KINDS: tuple[Kind, ...] = ("webhook", "eventbridge", "sqs")
StageName = Literal["local", "dev", "prod"]
MerchantId = Annotated[str, Field(pattern=r"^[^,\s]{1,64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Queue(_Strict):
    """account: the AWS account that may read the queue."""

    account: Annotated[str, Field(pattern=r"^\d{12}$")]


class Declaration(_Strict):
    """One file, as it is written."""

    description: str = ""
    stages: Annotated[list[StageName], Field(min_length=1)] = ["dev", "prod"]
    merchants: Annotated[list[MerchantId], Field(min_length=1)]
    events: Annotated[dict[str, list[str] | Literal["all"]], Field(min_length=1)]
    filter: dict[str, Annotated[list[str | bool | int], Field(min_length=1)]] = {}
    max_per_second: Annotated[int, Field(ge=1, le=100)] = 10
    webhook: str | None = None
    eventbridge: str | None = None
    sqs: Queue | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if len([kind for kind in KINDS if getattr(self, kind) is not None]) != 1:
            raise ValueError(f"exactly one of {', '.join(KINDS)} is allowed")
        return self


@dataclass(frozen=True)
class Partner:
    name: str
    declared: Declaration

    @property
    def kind(self) -> Kind:
        return next(kind for kind in KINDS if getattr(self.declared, kind) is not None)

    @property
    def detail_types(self) -> list[str]:
        return sorted(self.declared.events)

    def reads(self, detail_type: str) -> list[str]:
        """The dotted names of the fields of an event's data that this partner reads."""
        named = self.declared.events[detail_type]
        return sorted(public_fields(FOR_PARTNERS[detail_type])) if named == "all" else named

    @property
    def pattern(self) -> dict[str, Any]:
        """What the bus sends this partner: events of its own merchants, and no others."""
        data = {"merchant_id": self.declared.merchants, **self.declared.filter}
        return {
            "source": sorted({FOR_PARTNERS[each].SOURCE for each in self.detail_types}),
            "detail-type": self.detail_types,
            "detail": {"data": data},
        }


Mistake = tuple[tuple[Any, ...], str]


def mistaken_name(name: str) -> str | None:
    """Why no partner can be called that, and what is allowed; None if one can."""
    if _NAME.fullmatch(name) and name not in RESERVED and not name.endswith(RESERVED_ENDS):
        return None
    ours = ", ".join([*sorted(RESERVED), *(f"…{each}" for each in RESERVED_ENDS)])
    allowed = f"2 to 30 of a-z, 0-9 and single - between them, beginning with a letter, and none of {ours}"
    return f"{name!r} is no name for a partner; allowed are {allowed}"


def meaningless(partner: Partner) -> Iterator[Mistake]:
    """What is of the right form and still makes no sense: where, and what is allowed."""
    if mistake := mistaken_name(partner.name):
        yield (), mistake
    unknown = [each for each in partner.declared.events if each not in FOR_PARTNERS]
    for each in unknown:
        yield ("events", each), f"{each!r} is no event for partners; allowed are {', '.join(FOR_PARTNERS)}"
    if not unknown:
        yield from _fields(partner)
    yield from _receiver(partner)


def _fields(partner: Partner) -> Iterator[Mistake]:
    for detail_type, named in partner.declared.events.items():
        known = list(public_fields(FOR_PARTNERS[detail_type]))
        for number, name in enumerate(named if named != "all" else ()):
            if name not in known:
                place = ("events", detail_type, number)
                yield place, f"{name!r} is no field of {detail_type} for partners; allowed are {', '.join(known)}"
    yield from _filter(partner)
    if (size := len(json.dumps(partner.pattern, separators=(",", ":")))) > _MOST_PATTERN:
        remedy = f"EventBridge allows {_MOST_PATTERN}: spread the merchants over two files"
        yield ("merchants",), f"merchants, events and filter make a pattern of {size} characters; {remedy}"


def _filter(partner: Partner) -> Iterator[Mistake]:
    models = [FOR_PARTNERS[each] for each in partner.declared.events]
    in_all = set.intersection(*(set(model.model_fields) for model in models))
    readable = {name for model in models for name in public_fields(model)}
    allowed = {
        name: [model.model_fields[name] for model in models]
        for name in sorted((in_all & readable) - {"merchant_id"})
        if not any(model_in(model.model_fields[name].annotation) for model in models)
    }
    for name, values in partner.declared.filter.items():
        if name not in allowed:
            text = f"{name!r} cannot be filtered by; allowed is what all its events have: {', '.join(allowed)}"
            yield ("filter", name), text
            continue
        for number, value in enumerate(values):
            found = [_never(field, value) for field in allowed[name]]
            if all(found):  # what one of its events may hold is no mistake
                yield ("filter", name, number), f"{value!r} is no value of {name}: {found[0]}"


def _never(field: FieldInfo, value: str | bool | int) -> str | None:
    """Why an event's field is never what a rule would compare with it; None if it may be."""
    kind: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    try:
        read = kind.validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        return error.errors(include_input=False)[0]["msg"]
    written = kind.dump_python(read, mode="json")
    return None if written == value else f"events have it as {written!r}"


def _receiver(partner: Partner) -> Iterator[Mistake]:
    declared = partner.declared
    if declared.webhook is not None:
        schemes = ("https", "http") if declared.stages == ["local"] else ("https",)
        if not _is_receiver(declared.webhook, schemes):
            begin = " or ".join(f"{each}://" for each in schemes)
            said = "in ASCII, without blanks, user, password and fragment"
            said += "" if "http" in schemes else ", and to a public host"
            yield ("webhook",), f"allowed is a URL that begins with {begin}, {said}"
    if declared.eventbridge is not None and not _BUS.fullmatch(declared.eventbridge):
        yield ("eventbridge",), "allowed is the ARN of an event bus: arn:aws:events:<region>:<account>:event-bus/<name>"


def _is_receiver(text: str, schemes: Sequence[str]) -> bool:
    if not re.fullmatch(r"[!-~]+", text):
        return False
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return False
    if url.scheme not in schemes or not url.hostname or port == 0 or url.username or url.fragment:
        return False
    return "http" in schemes or _may_be_public(url.hostname)


def _may_be_public(host: str) -> bool:
    """False for what the courier would refuse at every attempt. What a name leads to, only the courier can find out."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host
