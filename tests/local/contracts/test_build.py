"""What is made of the models is what its tools take it for: AsyncAPI's parser, the TypeScript compiler, a validator."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from delivery_events import CATALOG, parse, parse_public, schemas
from delivery_events.public import public_detail
from jsonschema import Draft4Validator, Draft202012Validator
from typer.testing import CliRunner

from infra.packages.tools import find, run
from infra.partner_declaration import FOR_PARTNERS
from infra.schema_registry import resources
from local.cli import app
from local.contracts import samples
from local.contracts.build import typescript
from local.contracts.build.definitions import shared
from local.contracts.consumers import registered
from local.environment.workspace import ROOT
from services.partners.messages import document

HERE = Path(__file__).parent
ALL_TYPES = sorted(CATALOG)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By the command."""
    folder = tmp_path_factory.mktemp("contracts")
    ended = CliRunner().invoke(app, ["contracts", "build", "--out", str(folder), "--json"])
    assert ended.exit_code == 0, ended.output
    assert sorted(json.loads(ended.stdout)["files"]) == sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    return folder


def loaded(path: Path) -> Any:
    return json.loads(path.read_text())


# -- AsyncAPI


@pytest.mark.package
def test_asyncapis_own_parser_takes_the_document(built: Path, tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc", "parse.mjs"):
        (tmp_path / name).write_text((HERE / "asyncapi" / name).read_text())
    installed = run([find("npm"), "ci", "--ignore-scripts", "--no-update-notifier"], cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    done = run([find("node"), "parse.mjs", built / "asyncapi.json"], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["complaints"] == []
    assert found["version"].startswith("3.")
    assert sorted(found["messages"]) == ALL_TYPES
    assert {"orders.publishes", "tracking.reads"} <= set(found["operations"])


def test_every_reference_of_the_document_leads_somewhere(built: Path) -> None:
    document = loaded(built / "asyncapi.json")
    for ref in references(document):
        place: Any = document
        for part in ref.removeprefix("#/").split("/"):
            place = place[part]


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for each in value.values() for ref in references(each)]
    return [ref for each in value for ref in references(each)] if isinstance(value, list) else []


def test_what_types_have_in_common_is_defined_once(built: Path) -> None:
    definitions, _ = shared({name: schemas.schema(name) for name in CATALOG}, "#/")
    assert "Money" in definitions
    assert not [name for name in definitions if name.endswith(".Money")]
    assert "order.placed.v1.Metadata" in definitions  # names its own type, so there is one for each


# -- TypeScript

_RECORDED = """import type {{ AnyDelivered, DeliveryEvents }} from './events';
const recorded: {{ [K in keyof DeliveryEvents]: DeliveryEvents[K][] }} = {samples};
export function about(event: AnyDelivered): string {{
  if (event['detail-type'] === 'order.placed.v1') return event.detail.data.total.currency;
  if (event['detail-type'] === 'delivery.offered.v1') return event.detail.data.offer.driver_id;
  return String(Object.keys(recorded).length);
}}
{more}
"""


def compiled(folder: Path, more: str = "") -> "subprocess.CompletedProcess[str]":
    """tsc over the types and every recorded sample."""
    text = _RECORDED.format(samples=json.dumps(samples.read(ROOT)), more=more)
    (folder / "recorded.ts").write_text(text)
    tsc = ROOT / "infra" / "node_modules" / "typescript" / "bin" / "tsc"
    return run([find("node"), tsc, "--strict", "--noEmit", "--target", "es2022", folder / "recorded.ts"])


def test_every_recorded_sample_is_of_its_typescript_type(built: Path) -> None:
    done = compiled(built)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("export const a: DeliveryEvents['order.placed.v1']['data']['status'] = 'TELEPORTED';", "TELEPORTED"),
        ("export const b = (e: DeliveryEvents['order.placed.v1']) => e.data.offer;", "offer"),
        ("export const c: DeliveryEvents['order.ready.v1']['metadata']['type'] = 'order.placed';", "order.placed"),
    ],
)
def test_a_wrong_use_of_a_type_is_refused(built: Path, tmp_path: Path, wrong: str, said: str) -> None:
    (tmp_path / "events.d.ts").write_text((built / "events.d.ts").read_text())
    done = compiled(tmp_path, wrong)
    assert done.returncode != 0
    assert said in done.stdout


def test_a_schema_that_typescript_has_no_type_for_is_refused() -> None:
    odd = {"order.odd.v1": {"description": "", "$defs": {}, "properties": {"a": {"not": {}}}}}
    with pytest.raises(ValueError, match="no TypeScript type is known for"):
        typescript.declarations(odd)


# -- for partners

_SENT = """import type {{ DeliveryEvents, DeliveryEvent }} from './events';
const sent: {{ [K in keyof DeliveryEvents]: DeliveryEvents[K][] }} = {samples};
export function about(message: DeliveryEvent): string {{
  if (message.type === 'order.placed.v1') return message.data.total.currency;
  return String(message.replay ?? Object.keys(sent).length);
}}
{more}
"""


def sent() -> dict[str, list[dict[str, Any]]]:
    """What partners would be sent of every recorded event that is for partners."""
    recorded = samples.read(ROOT)
    return {name: [document(parse(name, each)) for each in recorded[name]] for name in FOR_PARTNERS}


@pytest.mark.parametrize("detail_type", FOR_PARTNERS)
def test_what_a_partner_is_sent_is_of_the_schema_that_it_gets(built: Path, detail_type: str) -> None:
    schema = loaded(built / "partners" / "schemas" / f"{detail_type}.json")
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).is_valid
    for message in [*sent()[detail_type], *schema["examples"]]:
        assert valid(message)
        assert valid(message | {"replay": "3f2b8c1e-9d4a-4e0b-8a57-0c6f1d2e3b4a"})
        assert valid(message | {"later": 1})
        assert not valid(message | {"type": "order.lost.v1"})
        assert not valid({**message, "data": {}})
    assert set(schema["examples"][0]) == {"type", "timestamp", "replay", "metadata", "data"}
    assert public_detail(parse_public(detail_type, schema["examples"][0]))["data"] == schema["examples"][0]["data"]


def test_nothing_internal_is_in_what_partners_get(built: Path) -> None:
    texts = {path.name: path.read_text() for path in (built / "partners").rglob("*") if path.is_file()}
    assert set(texts) == {"events.d.ts", *(f"{name}.json" for name in FOR_PARTNERS)}
    for name, text in texts.items():
        assert not re.search(r"internal|inside the platform|\bdropoff[\"?:]|to_pickup_m|\bpay[\"?:]|metres", text), name


def test_what_a_partner_is_sent_is_of_its_typescript_type(built: Path, tmp_path: Path) -> None:
    (tmp_path / "events.d.ts").write_text((built / "partners" / "events.d.ts").read_text())
    wrong = "export const lost = (e: DeliveryEvents['order.placed.v1']) => e.data.dropoff;"
    tsc = ROOT / "infra" / "node_modules" / "typescript" / "bin" / "tsc"
    for more, said in (("", None), (wrong, "dropoff")):
        (tmp_path / "sent.ts").write_text(_SENT.format(samples=json.dumps(sent()), more=more))
        done = run([find("node"), tsc, "--strict", "--noEmit", "--target", "es2022", tmp_path / "sent.ts"])
        assert done.returncode == 0 if said is None else said in done.stdout, done.stdout


# -- EventBridge's schema registry


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_the_registry_has_a_draft_4_schema_that_takes_the_recorded_events(detail_type: str) -> None:
    source = CATALOG[detail_type].SOURCE
    named: dict[str, Any] = {each["Properties"].get("SchemaName"): each["Properties"] for each in resources().values()}
    found = named[f"{source}@{detail_type}"]
    assert found["Type"] == "JSONSchemaDraft4"
    assert len(found["Content"]) < 100_000  # EventBridge's limit
    schema = json.loads(found["Content"])
    Draft4Validator.check_schema(schema)
    for detail in samples.read(ROOT)[detail_type]:
        event: dict[str, Any] = {"source": source, "detail-type": detail_type, "detail": detail, "resources": []}
        assert list(Draft4Validator(schema).iter_errors(event)) == []
        assert not Draft4Validator(schema).is_valid(event | {"source": "delivery.menu"})
        del event["detail"]["metadata"]["event_id"]
        assert not Draft4Validator(schema).is_valid(event)


def test_the_template_of_the_registry_has_what_the_platform_deploys(built: Path) -> None:
    assert loaded(built / "eventbridge-schemas.template.json") == {"Resources": resources()}


# -- EventCatalog


def front(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text().split("---\n")[1])
    return content


def test_the_catalog_links_every_event_to_who_publishes_and_who_reads_it(built: Path) -> None:
    """The site itself is built by `make catalog`: installing EventCatalog takes minutes."""
    catalog = built / "eventcatalog"
    services = {path.parent.name: front(path) for path in catalog.glob("services/*/index.mdx")}
    sent = {each["id"]: name for name, page in services.items() for each in page.get("sends", ())}
    assert sent == {name: model.SOURCE.removeprefix("delivery.") for name, model in CATALOG.items()}
    for consumer in registered(ROOT):
        read = {each["id"] for each in services[consumer.name.replace(" ", "-")]["receives"]}
        assert read == consumer.reads.keys()
    for detail_type in ALL_TYPES:
        page = front(catalog / "events" / detail_type / "index.mdx")
        assert (page["id"], page["version"]) == (detail_type, "1.0.0")
        Draft202012Validator.check_schema(loaded(catalog / "events" / detail_type / page["schemaPath"]))
        assert list((catalog / "events" / detail_type / "examples").glob("*.json"))
