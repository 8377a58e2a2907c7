"""The events as an AsyncAPI 3 document.

AsyncAPI's own schema dialect is that of JSON Schema draft 7, which the models' schemas keep to but for `$defs`: all
definitions go to the document's components, where types share what is the same for them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from local.contracts.build.definitions import shared
from local.contracts.canonical import Json
from local.contracts.consumers import Consumer

_BUS = {"$ref": "#/channels/bus"}


def document(schemas: Mapping[str, Json], consumers: Sequence[Consumer], samples: Mapping[str, Any]) -> dict[str, Any]:
    definitions, payloads = shared(schemas, "#/components/schemas/")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Delivery events",
            "version": "1.0.0",
            "description": "What happens to orders, deliveries, drivers and alerts. A type's major version only ever "
            "gains optional fields; a breaking change is a new major version beside the old one.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "bus": {
                "address": "delivery",
                "title": "The event bus",
                "description": "An EventBridge bus. A message here is an event's `detail`; its `detail-type` is the "
                "message's name, and its `source` is that of the service.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in schemas},
            }
        },
        "operations": dict(_operations(schemas, consumers)),
        "components": {
            "messages": {name: _message(name, payloads[name], samples.get(name, ())) for name in schemas},
            "schemas": definitions,
        },
    }


def _message(name: str, payload: Json, samples: Sequence[Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": name,
        "summary": payload["description"],
        "contentType": "application/json",
        "payload": payload,
        "examples": [{"name": f"recorded-{n}", "payload": each} for n, each in enumerate(samples, 1)],
        "x-eventbridge": {"source": payload["x-source"], "detail-type": name},
    }


def _operations(schemas: Mapping[str, Json], consumers: Sequence[Consumer]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for source in sorted({schema["x-source"] for schema in schemas.values()}):
        own = [name for name, schema in schemas.items() if schema["x-source"] == source]
        service = source.removeprefix("delivery.")
        found.append((f"{service}.publishes", _operation("send", f"{service} publishes these", own)))
    for consumer in consumers:
        name = consumer.name.replace(" ", "-")
        found.append((f"{name}.reads", _operation("receive", f"{consumer.name} reads these", sorted(consumer.reads))))
    return found


def _operation(action: str, summary: str, types: Sequence[str]) -> dict[str, Any]:
    messages = [{"$ref": f"#/channels/bus/messages/{name}"} for name in types]
    return {"action": action, "channel": _BUS, "summary": summary, "messages": messages}
