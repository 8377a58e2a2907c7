"""What `delivery partners` does beside what a running platform shows: files, keys, who stands how."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from infra import names, partner_files
from local.cli import app
from local.partners import keys, log, new_file, standing
from local.problem import Problem
from services.partners.signing_keys import SigningKeys
from services.partners.table import PartnersTable
from tests.partners.made import INDEXES, row
from tests.tables import REGION, moto_table

NOW = datetime(2026, 1, 5, 18, 30, tzinfo=UTC)


class Moto:
    """AWS, as commands see it."""

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION)  # type: ignore[call-overload]


@pytest.fixture
def aws() -> Iterator[Any]:
    """With the platform of a laptop deployed, and its partners."""
    with moto_table("delivery-partners", INDEXES) as table:
        found = Moto()
        found.client("ssm").put_parameter(Name=names.STAGE, Value="local", Type="String")
        for sequence in (1, 2):
            PartnersTable(table).log(row(sequence) | {"log": "DELIVERIES#example"})
        yield found


# -- add


def add(folder: Path, way: str, value: object, event: str = "order.completed.v1") -> None:
    new_file.write("acme", merchants=["merchant-1"], events=[event], way=(way, value), stages=["dev"], folder=folder)


@pytest.mark.parametrize(
    ("way", "value"),
    [
        ("webhook", "https://acme.example/in"),
        ("eventbridge", "arn:aws:events:eu-west-1:111122223333:event-bus/incoming"),
        ("sqs", {"account": "111122223333"}),
    ],
)
def test_a_partner_that_is_added_has_a_file_that_the_deployment_takes(tmp_path: Path, way: str, value: object) -> None:
    add(tmp_path, way, value)
    [partner] = partner_files.read(tmp_path)
    assert (partner.name, partner.kind, partner.detail_types) == ("acme", way, ["order.completed.v1"])
    assert (partner.declared.merchants, partner.declared.stages) == (["merchant-1"], ["dev"])


def test_what_would_be_no_partner_leaves_no_file_and_says_what_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(Problem) as raised:
        add(tmp_path, "webhook", "https://acme.example/in", event="order.lost.v1")
    assert "'order.lost.v1' is no event for partners; allowed are" in raised.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../acme", "a/b"])
def test_a_partner_s_file_is_written_into_the_partners_folder_alone(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "partners"
    folder.mkdir()
    with pytest.raises(Problem, match="is no name for a partner"):
        new_file.write(
            name,
            merchants=["merchant-1"],
            events=["order.completed.v1"],
            way=("webhook", "https://acme.example/in"),
            stages=["dev"],
            folder=folder,
        )
    assert list(tmp_path.iterdir()) == [folder]


def test_a_partner_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    add(tmp_path, "webhook", "https://acme.example/in")
    with pytest.raises(Problem, match="There is a partner acme already"):
        add(tmp_path, "webhook", "https://other.example/in")


@pytest.mark.parametrize("ways", [(), ("--sqs", "111122223333", "--webhook", "https://acme.example/in")])
def test_a_partner_is_sent_events_in_one_way(ways: tuple[str, ...]) -> None:
    command = ["partners", "add", "acme", "--merchant", "merchant-1", "--event", "order.completed.v1", *ways]
    ended = CliRunner().invoke(app, command)
    assert ended.exit_code == 2
    assert "Give exactly one of --webhook, --eventbridge and" in " ".join(ended.output.split())


# -- secret rotate


def signing(aws: Any, now: datetime) -> list[str]:
    return SigningKeys(aws.client("ssm"), names.partner_keys("example"), lambda: now).valid()


def test_a_key_that_is_replaced_signs_until_its_end_and_the_new_one_from_now_on(aws: Any) -> None:
    first = keys.rotate(aws.client("ssm"), "example", "v1", keep=timedelta(hours=24), now=NOW)
    second = keys.rotate(aws.client("ssm"), "example", "v1", keep=timedelta(hours=24), now=NOW)
    assert (first.old_until, second.old_until) == (None, "2026-01-06T18:30:00.000Z")
    assert signing(aws, NOW + timedelta(hours=23)) == [second.key, first.key]
    assert signing(aws, NOW + timedelta(hours=25)) == [second.key]
    third = keys.rotate(aws.client("ssm"), "example", "v1", keep=timedelta(0), now=NOW + timedelta(hours=1))
    assert signing(aws, NOW + timedelta(hours=2)) == [third.key]  # what leaked signs no longer


def test_a_pair_of_keys_signs_beside_the_secret_and_only_its_public_part_is_shown(aws: Any) -> None:
    secret = keys.rotate(aws.client("ssm"), "example", "v1", keep=timedelta(), now=NOW)
    pair = keys.rotate(aws.client("ssm"), "example", "v1a", keep=timedelta(), now=NOW)
    private, shared = signing(aws, NOW)
    assert (private[:5], pair.key[:5], shared) == ("whsk_", "whpk_", secret.key)
    kept = aws.client("ssm").get_parameter(Name=names.partner_keys("example"))["Parameter"]
    assert kept["Type"] == "SecureString"


# -- list, disable, enable, deliveries, replay


def test_the_list_says_who_has_no_key_who_fails_and_who_is_disabled(aws: Any) -> None:
    keys.rotate(aws.client("ssm"), "example", "v1", keep=timedelta(), now=NOW)
    PartnersTable(boto3.resource("dynamodb", region_name=REGION).Table("delivery-partners")).count_failure(
        "example-queue", NOW
    )
    assert standing.disable(aws, standing.named(aws, "example-bus"), NOW)
    found = {each.name: each for each in standing.all_of(aws)}
    assert {name: each.has_keys for name, each in found.items()} == {
        "example": True,
        "example-bus": None,
        "example-queue": None,
    }
    assert (found["example-queue"].failures, found["example-queue"].status) == (1, "ENABLED")
    assert (found["example-bus"].status, found["example-bus"].reason) == ("DISABLED", "OPERATOR")


def test_a_partner_is_disabled_and_enabled_once(aws: Any) -> None:
    partner = standing.named(aws, "example")
    assert not standing.enable(aws, partner, NOW)  # it never was disabled
    assert [standing.disable(aws, partner, NOW), standing.disable(aws, partner, NOW)] == [True, False]
    assert [standing.enable(aws, partner, NOW), standing.enable(aws, partner, NOW)] == [True, False]


def test_a_partner_that_is_not_there_is_told_with_those_that_are(aws: Any) -> None:
    with pytest.raises(Problem, match="There is no partner acme") as raised:
        standing.named(aws, "acme")
    assert all(name in raised.value.remedy for name in ("example", "example-bus", "example-queue"))


def test_deliveries_are_the_newest_in_their_order_and_of_one_state_if_that_is_asked_for(aws: Any) -> None:
    assert [each.sequence for each in log.latest(aws, "example", 10)] == [1, 2]
    assert [each.sequence for each in log.latest(aws, "example", 1)] == [2]
    assert log.latest(aws, "example", 10, state="FAILED") == []


@pytest.mark.parametrize("given", [(), ("an-event", "--from", "2026-01-05"), ("an-event", "--to", "2026-01-05")])
def test_a_replay_is_by_ids_or_by_time(given: tuple[str, ...]) -> None:
    ended = CliRunner().invoke(app, ["partners", "replay", "example", *given])
    assert ended.exit_code == 2
    assert "Give up to 100 event ids, or --from and perhaps" in " ".join(ended.output.split())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--from", "2026-01-06", "--to", "2026-01-05"), "--from is after --to."),
        (("--from", "2999-01-01"), "--from is after now."),
    ],
)
def test_a_replay_of_a_time_that_ends_before_it_begins_is_not_asked_for(given: tuple[str, ...], said: str) -> None:
    ended = CliRunner().invoke(app, ["partners", "replay", "example", *given])
    assert ended.exit_code == 2
    assert said in " ".join(ended.output.split())
