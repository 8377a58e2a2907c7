"""What a partner sees of an event: the fields that this version of the package knows and that are not internal.

    event = parse_public(message["type"], message)      # a partner reads what it was sent

A field that is unknown here may be internal to whoever added it, so it goes no further than one that is marked so.
"""

from collections.abc import Iterator, Mapping
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, Field, create_model
from pydantic.fields import FieldInfo

from delivery_events.catalog import CATALOG, read, unknown
from delivery_events.envelope import Event, EventData, Metadata


def public_detail(event: Event[Any]) -> dict[str, Any]:
    """The event's `metadata` and `data` in JSON's own types, without what stays inside the platform."""
    content = event.model_dump(mode="json", exclude_none=True)
    # By the model of the catalog: an event that was parsed from a partner's own copy has another.
    model = CATALOG[event.detail_type]
    return {"metadata": _public(Metadata, content["metadata"]), "data": _public(model, content["data"])}


def parse_public(detail_type: str, detail: str | bytes | Mapping[str, Any]) -> Event[Any]:
    """Read an event as a partner gets it: internal fields are None. Otherwise it is `parse`, and raises the same."""
    model = CATALOG.get(detail_type)
    if model is None:
        raise unknown(detail_type)
    return read(public_model(model), detail_type, detail)


def public_model(model: type[EventData]) -> type[EventData]:
    """`model` with its internal fields optional, however deep, as they never reach a partner."""
    return cast(type[EventData], _without_internal(model))


@cache
def _without_internal(model: type[BaseModel]) -> type[BaseModel]:
    changed: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        nested = model_in(field.annotation)
        if is_internal(field):
            optional = field.annotation | None  # type: ignore[operator]
            changed[name] = (optional, Field(default=None, description=field.description))
        elif nested and (public := _without_internal(nested)) is not nested:
            changed[name] = (_replaced(field.annotation, nested, public), field)
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, **changed) if changed else model


def _replaced(annotation: Any, old: type[BaseModel], new: type[BaseModel]) -> Any:
    """Of `Offer | None`, say, the same type with another model in the place of `Offer`."""
    if annotation is old:
        return new
    parts = tuple(_replaced(part, old, new) for part in get_args(annotation))
    origin = get_origin(annotation)
    if not parts or origin is None:
        return annotation
    return reduce(or_, parts) if origin in (Union, UnionType) else origin[parts]


def public_fields(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The dotted names of all that a partner may read of a model, such as `total` and `total.amount`."""
    for name, field in model.model_fields.items():
        if not is_internal(field):
            yield prefix + name
            if nested := model_in(field.annotation):
                yield from public_fields(nested, f"{prefix}{name}.")


def is_internal(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("x-internal"))


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that values of a type are, or consist of: of `Offer | None` and of `list[Offer]` it is `Offer`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := model_in(part))), None)


def _public(model: type[BaseModel], content: Mapping[str, Any]) -> dict[str, Any]:
    fields = model.model_fields
    return {
        name: _value(model_in(fields[name].annotation), value)
        for name, value in content.items()
        if name in fields and not is_internal(fields[name])
    }


def _value(model: type[BaseModel] | None, value: Any) -> Any:
    if model and isinstance(value, dict):
        return _public(model, value)
    if isinstance(value, list):
        return [_value(model, each) for each in value]
    return value
