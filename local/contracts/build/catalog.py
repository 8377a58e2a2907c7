"""The events as a folder that EventCatalog turns into a web site: who publishes what, who reads it, what it looks like.

A page is Markdown with front matter. EventCatalog reads the links between pages from there, and shows the schema and
the samples that lie beside a page.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from local.contracts.canonical import Json
from local.contracts.consumers import Consumer

_CONFIG = """\
/** @type {import('@eventcatalog/core/bin/eventcatalog.config').Config} */
export default {
  cId: 'delivery-events',
  title: 'Delivery events',
  tagline: 'What happens to orders, deliveries, drivers and alerts',
  organizationName: 'Delivery platform',
  output: 'static',
  outDir: 'dist',
  trailingSlash: false,
  base: '/',
};
"""


def pages(schemas: Mapping[str, Json], consumers: Sequence[Consumer], samples: Mapping[str, Any]) -> dict[str, str]:
    """Every file of the catalog by its path."""
    files = {"eventcatalog.config.js": _CONFIG, "domains/delivery/index.mdx": _domain(schemas, consumers)}
    for service in _publishers(schemas):
        files[f"services/{service}/index.mdx"] = _service(service, schemas, consumers)
    for consumer in consumers:
        if consumer.is_partner:
            files[f"services/{_id(consumer.name)}/index.mdx"] = _partner(consumer)
    for name, schema in schemas.items():
        folder = f"events/{name}"
        files[f"{folder}/index.mdx"] = _event(name, schema, consumers)
        files[f"{folder}/schema.json"] = json.dumps(schema, indent=2) + "\n"
        for number, sample in enumerate(samples.get(name, ()), 1):
            files[f"{folder}/examples/recorded-{number}.json"] = json.dumps(sample, indent=2) + "\n"
    return files


def _publishers(schemas: Mapping[str, Json]) -> list[str]:
    return sorted({schema["x-source"].removeprefix("delivery.") for schema in schemas.values()})


def _id(name: str) -> str:
    return name.replace(" ", "-")


def _version(detail_type: str) -> str:
    return f"{detail_type.rpartition('.v')[2]}.0.0"


def _link(detail_type: str) -> dict[str, str]:
    return {"id": detail_type, "version": _version(detail_type)}


def _page(front: Mapping[str, Any], *paragraphs: str) -> str:
    head = yaml.safe_dump(dict(front), sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{head}---\n\n" + "\n\n".join(paragraphs) + "\n"


def _domain(schemas: Mapping[str, Json], consumers: Sequence[Consumer]) -> str:
    services = [*_publishers(schemas), *(_id(each.name) for each in consumers if each.is_partner)]
    front = {
        "id": "delivery",
        "name": "Delivery",
        "version": "1.0.0",
        "summary": "Orders, who carries them, where they are, and who is told.",
        "services": [{"id": service, "version": "1.0.0"} for service in services],
    }
    return _page(front, "Services speak by events alone, over one EventBridge bus.", "<NodeGraph />")


def _service(service: str, schemas: Mapping[str, Json], consumers: Sequence[Consumer]) -> str:
    sends = [name for name, schema in schemas.items() if schema["x-source"] == f"delivery.{service}"]
    reads = sorted({name for each in consumers if each.name == service for name in each.reads})
    front = {
        "id": service,
        "name": service.capitalize(),
        "version": "1.0.0",
        "summary": f"Publishes {len(sends)} types of events and reads {len(reads)}.",
        "sends": [_link(name) for name in sends],
        "receives": [_link(name) for name in reads],
    }
    return _page(front, f"Its events have the source `delivery.{service}`.", "<NodeGraph />")


def _partner(consumer: Consumer) -> str:
    front = {
        "id": _id(consumer.name),
        "name": consumer.name.capitalize(),
        "version": "1.0.0",
        "summary": "A partner's system.",
        "receives": [_link(name) for name in sorted(consumer.reads)],
    }
    return _page(front, "It gets the events of its own merchants, without internal fields.", "<NodeGraph />")


def _event(name: str, schema: Json, consumers: Sequence[Consumer]) -> str:
    front = {
        "id": name,
        "name": name,
        "version": _version(name),
        "summary": schema["description"],
        "schemaPath": "schema.json",
    }
    reading = [each.name for each in consumers if name in each.reads]
    read_by = f"Read by {', '.join(reading)}." if reading else "No registered consumer reads it."
    return _page(front, read_by, "<Schema file='schema.json' />", "<NodeGraph />")
