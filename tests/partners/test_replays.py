"""Replays: who may ask, what is sent again, and that nobody else gets anything. On both engines."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from services.partners.messages import ReplayTurn
from services.partners.replays import Replays
from tests.api import Answer, Api, caller
from tests.partners.fakes import REFUSED, TAKEN, World
from tests.partners.made import event, row
from tests.tables import contents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ACME = caller("acme-1", "partner", custom_partner_id="acme")
SHOP = caller("shop-1", "partner", custom_partner_id="shop")
NOBODY = caller("nobody-1", "partner")
FIRST = "2026-01-05T18:30:00.000Z"
ODD = "2026-01-05T18:30:00+05:30:15"  # an AWSDateTime, with an offset that no clock has


def event_id(sequence: int = 1, order_id: str = "order-1") -> str:
    return str(event(sequence, order_id).metadata.event_id)


def asked(api: Api, who: Any = ACME, **input_: Any) -> Answer:
    return api.call(who, "requestReplay", input={"id": str(uuid4()), **input_})


class Player:
    """Works on replays as the queue `replay` has it done."""

    def __init__(self, world: World, page: int = 100) -> None:
        self.turns: list[ReplayTurn] = []
        queues: Any = world.queues
        self._world = world
        self._replays = Replays(world.table, queues, lambda turn: self.turns.append(turn), page)

    def play(self, replay_id: str, partner: str = "acme") -> int:
        """How many deliveries were queued."""
        self.turns.append(ReplayTurn(partner_id=partner, replay_id=replay_id))
        count = 0
        while self.turns:
            count += self._replays.take_turn(self.turns.pop(0), now=self._world.clock.now())
        self._world.work()
        return count


def delivered(dynamo: "Table", *sequences: int) -> World:
    """A partner to which these events were delivered before."""
    world = World(dynamo)
    for sequence in sequences:
        world.intake.take("acme", event(sequence))
    world.work()
    world.receiver.got.clear()
    return world


def test_events_are_sent_again_by_their_ids_and_say_which_replay_they_belong_to(api: Api, dynamo: "Table") -> None:
    world = delivered(dynamo, 1, 2, 3)
    replay = asked(api, eventIds=[event_id(3), event_id(1), str(uuid4())]).value
    assert (replay["state"], replay["deliveryCount"]) == ("REQUESTED", None)
    assert Player(world).play(replay["id"]) == 2
    assert [(sent["event_sequence"], sent["replay_id"]) for _, sent in world.receiver.got] == [
        (1, replay["id"]),
        (3, replay["id"]),
    ]
    [edge] = api.call(ACME, "partnerReplays").value["edges"]
    assert (edge["node"]["state"], edge["node"]["deliveryCount"]) == ("QUEUED", 2)


@pytest.mark.parametrize("page", [1, 2, 100])
def test_events_are_sent_again_by_the_time_they_happened(api: Api, dynamo: "Table", page: int) -> None:
    world = delivered(dynamo, 1, 2, 3, 4, 5)  # a second apart
    replay = asked(api, **{"from": "2026-01-05T19:30:01+01:00", "to": "2026-01-05T18:30:03Z"}).value
    assert Player(world, page).play(replay["id"]) == 3
    assert [sent["event_sequence"] for _, sent in world.receiver.got] == [2, 3, 4]


def test_a_replay_that_is_worked_on_twice_sends_nothing_twice(api: Api, dynamo: "Table") -> None:
    world = delivered(dynamo, 1, 2)
    replay = asked(api, **{"from": FIRST}).value
    player = Player(world)
    player.play(replay["id"])
    assert player.play(replay["id"]) == 0
    assert len(world.receiver.got) == 2


def test_what_was_not_delivered_can_be_asked_for_alone(api: Api, dynamo: "Table") -> None:
    world = World(dynamo)
    world.receiver.answer = lambda sent: REFUSED if sent["event_sequence"] == 2 else TAKEN
    for sequence in (1, 2, 3):
        world.intake.take("acme", event(sequence))
    world.work()
    world.receiver.answer = lambda _: TAKEN
    world.receiver.got.clear()
    replay = asked(api, **{"from": FIRST, "undeliveredOnly": True}).value
    assert Player(world).play(replay["id"]) == 1
    assert [sent["event_sequence"] for _, sent in world.receiver.got] == [2]
    assert world.sweep() == 0  # it waits for no further attempt
    world.clock.pass_(16 * 86_400)
    assert world.sweep() == 0


def test_a_replay_reaches_only_who_asked(api: Api, dynamo: "Table") -> None:
    world = delivered(dynamo, 1)
    world.table.log(row(1, "order-9") | {"pk": "PARTNER#shop", "partner_id": "shop", "log": "DELIVERIES#shop"})
    replay = asked(api, SHOP, eventIds=[event_id()]).value
    assert Player(world).play(replay["id"], "shop") == 0  # it is not shop's event
    replay = asked(api, SHOP, **{"from": FIRST}).value
    assert Player(world).play(replay["id"], "shop") == 1
    assert contents(dynamo)[("PARTNER#acme", str(row()["sk"]))]["state"] == "DELIVERED"


def test_asking_for_the_same_again_gets_the_replay_that_is_there(api: Api, dynamo: "Table") -> None:
    id_ = str(uuid4())
    first = asked(api, id=id_, **{"from": FIRST})
    assert asked(api, id=id_, **{"from": FIRST}) == first
    assert asked(api, id=id_, **{"from": "2026-01-05T18:31:00Z"}).error == "Conflict"
    assert asked(api, SHOP, id=id_, **{"from": FIRST}).value["id"] == id_  # another's replay is not in the way


@pytest.mark.parametrize(
    ("input_", "message"),
    [
        ({}, "input needs either eventIds or from"),
        ({"eventIds": ["a"], "from": FIRST}, "input needs either eventIds or from"),
        ({"eventIds": []}, "input.eventIds has 0 entries; allowed are 1 to 100"),
        ({"eventIds": ["a"]}, "input.eventIds: each is an event id, a UUID in lower case"),
        ({"eventIds": [event_id()], "to": FIRST}, "input.to goes with from, not with eventIds"),
        ({"from": FIRST, "to": "2026-01-05T18:29:00Z"}, "input.to is before input.from"),
        ({"from": "2999-01-01T00:00:00Z"}, "input.from is in the future; nothing has happened since"),
        ({"from": ODD}, f"input.from is {ODD}; allowed is a time such as 2026-01-05T18:30:00Z"),
        ({"from": FIRST, "to": ODD}, f"input.to is {ODD}; allowed is a time such as 2026-01-05T18:30:00Z"),
        ({"from": FIRST, "id": "1"}, "input.id is not a UUID in lower case"),
    ],
)
def test_a_request_that_makes_no_sense_is_told_what_does(
    api: Api, dynamo: "Table", input_: dict[str, Any], message: str
) -> None:
    answer = asked(api, **input_)
    assert answer.error == "Invalid"
    assert answer.message.startswith(message)
    assert dynamo.scan()["Items"] == []


def test_a_partner_sees_its_own_deliveries_newest_first(api: Api, dynamo: "Table") -> None:
    world = World(dynamo)
    world.receiver.answer = lambda sent: REFUSED if sent["event_sequence"] == 2 else TAKEN
    for sequence in (1, 2, 3):
        world.intake.take("acme", event(sequence))
    world.work()
    first = api.call(ACME, "partnerDeliveries", first=2).value
    rest = api.call(ACME, "partnerDeliveries", after=first["pageInfo"]["endCursor"]).value
    nodes = [edge["node"] for edge in first["edges"] + rest["edges"]]
    assert [(node["sequence"], node["state"], node["status"]) for node in nodes] == [
        (3, "DELIVERED", 200),
        (2, "WAITING", 500),
        (1, "DELIVERED", 200),
    ]
    assert nodes[1]["problem"] == "answered 500"
    assert nodes[1]["nextAttemptAt"] == "2026-01-05T18:31:00.000Z"
    assert nodes[0]["eventId"] == event_id(3)
    assert api.call(SHOP, "partnerDeliveries").value["edges"] == []


@pytest.mark.parametrize("field", ["partnerDeliveries", "partnerReplays"])
def test_who_belongs_to_no_partner_sees_nothing(api: Api, dynamo: "Table", field: str) -> None:
    assert api.call(NOBODY, field).error == "Unauthorized"
    assert api.call(caller("operator-1", "operator"), field).error == "Unauthorized"
    assert asked(api, NOBODY, **{"from": FIRST}).error == "Unauthorized"
