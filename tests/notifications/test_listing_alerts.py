"""Query.alerts: what was told about one order, for operators."""

from typing import TYPE_CHECKING

from delivery_events.notifications import Channel

from services.notifications.domain import sent
from services.notifications.table import NotificationsTable
from tests.api import Api, caller
from tests.notifications.made import after, alert

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

OPERATOR = caller("operator-1", "operator")


def test_the_alerts_of_an_order_newest_first_with_how_they_ended(api: Api, dynamo: "Table") -> None:
    table = NotificationsTable(dynamo)
    told, pushed, elsewhere = alert(), alert(Channel.PUSH), alert(order_id="another")
    for seconds, one in enumerate((told, pushed, elsewhere)):
        table.claim(one, now=after(seconds), lease_s=60, memory_s=3600)
    table.record(told, sent("message-1"), now=after(5))
    first = api.call(OPERATOR, "alerts", orderId=told.order_id, first=1).value
    rest = api.call(OPERATOR, "alerts", orderId=told.order_id, after=first["pageInfo"]["endCursor"]).value
    [newest], [oldest] = first["edges"], rest["edges"]
    assert (newest["node"]["channel"], newest["node"]["state"]) == ("PUSH", "CLAIMED")
    assert oldest["node"] == {
        "id": told.alert_id,
        "eventId": "event-1",
        "orderId": told.order_id,
        "recipientId": "customer-1",
        "audience": "CUSTOMER",
        "channel": "SMS",
        "template": "delivery_picked_up",
        "state": "SENT",
        "reason": None,
        "messageId": "message-1",
        "sentAt": "2026-01-05T18:30:05.000Z",
    }
    assert not rest["pageInfo"]["hasNextPage"]


def test_what_is_too_long_for_an_order_s_id_is_not_found(api: Api, dynamo: "Table") -> None:
    assert api.call(OPERATOR, "alerts", orderId="x" * 3000).error == "NotFound"
