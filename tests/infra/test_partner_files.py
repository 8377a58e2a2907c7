"""A partner's file says what it means, or which line is wrong and what is allowed there."""

from pathlib import Path

import pytest

from infra import partner_files
from infra.partner_files import PartnerFileError, read

GOOD = """\
merchants: [merchant-1]
events:
  order.placed.v1:
    - order_id
    - total.amount
  delivery.picked_up.v1: all
webhook: https://acme.example/in
"""


def mistakes(folder: Path, text: str, name: str = "acme.yaml") -> list[str]:
    (folder / name).write_text(text)
    with pytest.raises(PartnerFileError) as raised:
        read(folder)
    return [line.removeprefix(f"{folder}/") for line in str(raised.value).splitlines()]


def test_a_file_says_who_gets_what_and_how(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(GOOD)
    [partner] = read(tmp_path)
    assert (partner.name, partner.kind, partner.declared.max_per_second) == ("acme", "webhook", 10)
    assert partner.pattern == {
        "source": ["delivery.dispatch", "delivery.orders"],
        "detail-type": ["delivery.picked_up.v1", "order.placed.v1"],
        "detail": {"data": {"merchant_id": ["merchant-1"]}},
    }
    assert partner.reads("order.placed.v1") == ["order_id", "total.amount"]
    assert "offer.offer_id" in partner.reads("delivery.picked_up.v1")
    assert "dropoff" not in partner.reads("delivery.picked_up.v1")


def test_a_partner_is_of_the_stages_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(GOOD)
    (tmp_path / "shop.yaml").write_text(f"stages: [local]\n{GOOD}".replace("https", "http"))
    assert [partner.name for partner in read(tmp_path, "prod")] == ["acme"]
    assert [partner.name for partner in read(tmp_path, "local")] == ["shop"]
    assert [partner.name for partner in read(tmp_path)] == ["acme", "shop"]


def test_the_partners_of_this_repository_are_for_a_laptop_alone() -> None:
    assert {partner.kind for partner in partner_files.read(stage="local")} == {"webhook", "eventbridge", "sqs"}
    assert partner_files.read(stage="dev") == partner_files.read(stage="prod") == []


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("webhook:", "webhok:", "acme.yaml:7: webhok is unknown; allowed are description, stages, merchants"),
        ("webhook: https://acme.example/in", "", "acme.yaml:1: exactly one of webhook, eventbridge, sqs is allowed"),
        ("https", "http", "acme.yaml:7: allowed is a URL that begins with https://"),
        ("acme.example/in", "user:word@acme.example", "acme.yaml:7: allowed is a URL that begins with https://"),
        ("acme.example/in", "acme.example:99999", "acme.yaml:7: allowed is a URL that begins with https://"),
        ("[merchant-1]", "[]", "acme.yaml:1: merchants: list should have at least 1 item"),
        ("merchants: [merchant-1]\n", "", "acme.yaml:1: merchants: field required"),
        ("[merchant-1]", "[12]", "acme.yaml:1: merchants.0: allowed is a text, in quotes if it looks like a"),
        ("order.placed.v1", "order.placed.v9", "acme.yaml:3: 'order.placed.v9' is no event for partners; allowed are"),
        ("order.placed.v1", "driver.moved.v1", "acme.yaml:3: 'driver.moved.v1' is no event for partners; allowed are"),
        ("- order_id", "- dropoff", "acme.yaml:4: 'dropoff' is no field of order.placed.v1 for partners; allowed are"),
        ("total.amount", "total.tax", "acme.yaml:5: 'total.tax' is no field of order.placed.v1 for partners"),
        (
            "webhook:",
            "filter: {status: [PENDING]}\nwebhook:",
            "acme.yaml:7: 'status' cannot be filtered by; allowed is",
        ),
        ("webhook:", "max_per_second: 0\nwebhook:", "acme.yaml:7: max_per_second: input should be greater than or eq"),
        ("webhook:", "stages: [test]\nwebhook:", "acme.yaml:7: stages.0: input should be 'local', 'dev' or 'prod'"),
        ("webhook:", "merchants: [m]\nwebhook:", "acme.yaml:7: merchants is there already, in line 1"),
        (
            "webhook: https://acme.example/in",
            "sqs: {account: 12}",
            "acme.yaml:7: sqs.account: allowed is a text, in qu",
        ),
        ("webhook: https://acme.example/in", "sqs:\n  acount: '1'", "acme.yaml:8: sqs.acount is unknown; allowed are"),
        ("webhook: https://acme.example/in", "eventbridge: theirs", "acme.yaml:7: allowed is the ARN of an event bus"),
        ("acme.example/in", "acme.example/in here", "acme.yaml:7: allowed is a URL that begins with https://"),
        ("acme.example/in", "acme.example/\u00fc", "acme.yaml:7: allowed is a URL that begins with https://"),
        ("acme.example", "10.0.0.1", "acme.yaml:7: allowed is a URL that begins with https://, in ASCII, without"),
        ("acme.example", "[::1]", "acme.yaml:7: allowed is a URL that begins with https://"),
        ("acme.example", "localhost", "acme.yaml:7: allowed is a URL that begins with https://"),
        ("webhook:", "stages: []\nwebhook:", "acme.yaml:7: stages: list should have at least 1 item"),
        ("[merchant-1]", "[2026-13-45, 5]", "acme.yaml:1: merchants.1: allowed is a text, in quotes if it looks"),
        ("webhook:", 'description: "\0"\nwebhook:', "acme.yaml:7: not YAML: special characters are not allowed"),
        ("webhook:", "filter: &a {status: *a}\nwebhook:", "acme.yaml:1: too deep, or with an alias or a tag: allowed"),
        (
            "webhook:",
            "max_per_second: !!int ten\nwebhook:",
            "acme.yaml:1: too deep, or with an alias or a tag: allowed",
        ),
        ("webhook:", "\twebhook:", "acme.yaml:7: not YAML: found character '\\t' that cannot start any token"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_with_what_is_allowed(
    tmp_path: Path, old: str, new: str, mistake: str
) -> None:
    assert old in GOOD
    found = mistakes(tmp_path, GOOD.replace(old, new))
    assert any(line.startswith(mistake) for line in found), found


def test_all_mistakes_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("[]")
    found = mistakes(tmp_path, GOOD.replace("order_id", "address").replace("https", "ftp"))
    assert [line.split(": ")[0] for line in found] == ["acme.yaml:4", "acme.yaml:7", "other.yaml:1"]


ORDERS = GOOD.replace("  delivery.picked_up.v1: all\n", "")


@pytest.mark.parametrize(
    ("values", "mistake"),
    [
        ("{status: [DELIVERED, DELIVRED]}", "'DELIVRED' is no value of status: Input should be 'PENDING', 'CONFIRMED'"),
        ('{item_count: ["3"]}', "'3' is no value of item_count: Input should be a valid integer"),
        ("{item_count: [true]}", "True is no value of item_count: Input should be a valid integer"),
        ("{placed_at: [2026-01-05T18:30:00Z]}", "no value of placed_at: events have it as '2026-01-05T18:30:00.000Z'"),
        ("{total: [5]}", "'total' cannot be filtered by; allowed is what all its events have: customer_id, driver_id"),
    ],
)
def test_a_filter_that_no_event_would_ever_pass_is_refused(tmp_path: Path, values: str, mistake: str) -> None:
    [found] = mistakes(tmp_path, ORDERS.replace("webhook:", f"filter: {values}\nwebhook:"))
    assert found.startswith("acme.yaml:6: ")
    assert mistake in found


def test_a_filter_may_name_what_some_of_the_events_can_hold(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(GOOD.replace("webhook:", "filter: {reason: [NO_DRIVER, DAMAGED]}\nwebhook:"))
    [partner] = read(tmp_path)
    assert partner.pattern["detail"]["data"]["reason"] == ["NO_DRIVER", "DAMAGED"]
    (tmp_path / "acme.yaml").write_text(ORDERS.replace("webhook:", "filter: {item_count: [1, 2]}\nwebhook:"))
    assert read(tmp_path)[0].pattern["detail"]["data"]["item_count"] == [1, 2]


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_bytes(f"{GOOD}description: caf\u00e9\n".encode("latin-1"))
    with pytest.raises(PartnerFileError, match=r"acme\.yaml:8: not UTF-8"):
        read(tmp_path)


def test_two_partners_are_not_called_alike(tmp_path: Path) -> None:
    """A stack could not tell them apart: what they are made of has names without hyphens there."""
    (tmp_path / "acme-2.yaml").write_text(GOOD)
    [mistake] = mistakes(tmp_path, GOOD, "acme2.yaml")
    assert mistake == "acme2.yaml:1: acme2 is too like acme-2; allowed is another name"


NAMES = ["Acme", "inbox", "a", "acme_2", "x-failures", "acme-", "acme--x", "a" * 31]


@pytest.mark.parametrize("name", [*(f"{each}.yaml" for each in NAMES), "acme.yml"])
def test_a_file_is_called_like_a_partner(tmp_path: Path, name: str) -> None:
    [mistake] = mistakes(tmp_path, GOOD, name)
    assert mistake.startswith(f"{name}:1: ")


def test_merchants_that_are_too_many_for_a_rule_are_refused(tmp_path: Path) -> None:
    many = ", ".join(f"merchant-{number:030}" for number in range(60))
    [mistake] = mistakes(tmp_path, GOOD.replace("merchant-1", many))
    assert mistake.startswith("acme.yaml:1: merchants, events and filter make a pattern of ")
