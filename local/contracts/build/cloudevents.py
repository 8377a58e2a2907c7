"""The mapping of every type to CloudEvents 1.0, for tools: where each attribute comes from, and an input transformer
that makes an EventBridge rule deliver CloudEvents."""

from collections.abc import Mapping
from typing import Any

from delivery_events.cloudevents import ATTRIBUTES, SOURCE

from local.contracts.canonical import Json


def mapping(schemas: Mapping[str, Json]) -> dict[str, Any]:
    return {"specversion": "1.0", "types": {name: _type(name, schema["x-source"]) for name, schema in schemas.items()}}


def _type(detail_type: str, source: str) -> dict[str, Any]:
    constant = {
        "specversion": "1.0",
        "type": detail_type,
        "source": SOURCE + source.removeprefix("delivery."),
        "datacontenttype": "application/json",
    }
    return {
        "constant": constant,
        "attributes": {name: f"$.detail.{path}" for name, path in ATTRIBUTES.items()},
        "data": "$.detail.data",
        "inputTransformer": _transformer(constant),
    }


def _transformer(constant: Mapping[str, str]) -> dict[str, Any]:
    """EventBridge's InputPathsMap and InputTemplate. A placeholder in quotes is text, as CloudEvents wants `sequence`;
    one without is whatever stands there."""
    paths = {name: f"$.detail.{path}" for name, path in ATTRIBUTES.items()} | {"data": "$.detail.data"}
    parts = [f'"{name}":"{value}"' for name, value in constant.items()]
    parts += [f'"{name}":"<{name}>"' for name in ATTRIBUTES]
    return {"InputPathsMap": paths, "InputTemplate": "{" + ",".join([*parts, '"data":<data>']) + "}"}
