"""Writes all that is made of the models into one folder."""

import json
from collections.abc import Mapping
from pathlib import Path

from delivery_events import CATALOG, schemas

from infra import schema_registry
from local.contracts import consumers, samples
from local.contracts.build import asyncapi, catalog, cloudevents, for_partners, typescript
from local.environment.workspace import ROOT


def build(out: Path) -> list[str]:
    """The files written, relative to `out`. What lies there from an earlier build is replaced, file by file."""
    present = {detail_type: schemas.schema(detail_type) for detail_type in sorted(CATALOG)}
    readers = consumers.registered(ROOT)
    recorded = samples.read(ROOT)
    files = {
        "asyncapi.json": _json(asyncapi.document(present, readers, recorded)),
        "cloudevents.json": _json(cloudevents.mapping(present)),
        "events.d.ts": typescript.declarations(present),
        "eventbridge-schemas.template.json": _json({"Resources": schema_registry.resources()}),
    }
    sent = for_partners.schemas(present)
    files["partners/events.d.ts"] = typescript.declarations(sent)
    files |= {f"partners/schemas/{name}.json": _json(schema) for name, schema in sent.items()}
    pages = catalog.pages(present, readers, recorded)
    files |= {f"eventcatalog/{name}": text for name, text in pages.items()}
    _write(out, files)
    return sorted(files)


def _write(out: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _json(content: object) -> str:
    return json.dumps(content, indent=2) + "\n"
