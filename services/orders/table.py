"""Every DynamoDB call of the orders service's Python. The resolvers make their own; both are in docs/tables/orders.md.

Each write is one conditional update. A condition that does not hold is an answer (`False`), not an error: somebody else
was first.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from delivery_events.envelope import rfc3339
from delivery_events.orders import OrderReason, OrderStatus
from delivery_events.outbox import plain

from services.orders.domain import CANCELLED, PENDING, REJECTED, Update

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table as DynamoTable

Item = dict[str, Any]


class OrdersTable:
    def __init__(self, table: "DynamoTable") -> None:
        self._table = table

    def order(self, order_id: str) -> Item | None:
        return self._get(f"ORDER#{order_id}", "ORDER")

    def merchant(self, merchant_id: str) -> Item | None:
        return self._get(f"MERCHANT#{merchant_id}", "MERCHANT")

    def pending_since(self, moment: datetime) -> Iterator[Item]:
        """Orders that were placed before `moment` and that no merchant has answered, oldest first."""
        query: dict[str, Any] = {
            "IndexName": "status-index",
            "KeyConditionExpression": Key("status").eq(PENDING.value) & Key("placed_key").lt(rfc3339(moment)),
        }
        while True:
            page = self._table.query(**query)
            yield from (plain(item) for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def admit(self, order_id: str) -> bool:
        """Note that the order meets the rules: its merchant gets it and may answer. False if it was turned down before.

        A technical change: it makes no event, and none at all when made again.
        """
        return self._update(
            order_id,
            "SET merchant_key = placed_key",
            "attribute_exists(pk) AND (attribute_exists(merchant_key) OR #status <> :rejected)",
            names={"#status": "status"},
            values={":rejected": REJECTED.value},
        )

    def turn_down(self, order_id: str, *, reason: OrderReason, now: datetime, caused_by: str) -> bool:
        """Reject a PENDING order that breaks a rule, unless it was admitted before."""
        return self._end_pending(order_id, REJECTED, "attribute_not_exists(merchant_key)", reason, now, caused_by)

    def cancel_unanswered(self, order_id: str, *, now: datetime, caused_by: str) -> bool:
        """Cancel a PENDING order that its merchant left unanswered."""
        return self._end_pending(
            order_id, CANCELLED, "attribute_exists(pk)", OrderReason.MERCHANT_TIMEOUT, now, caused_by
        )

    def _end_pending(
        self, order_id: str, target: OrderStatus, condition: str, reason: OrderReason, now: datetime, caused_by: str
    ) -> bool:
        return self._update(
            order_id,
            "SET #status = :status, #reason = :reason, #sequence = #sequence + :one, "
            "occurred_at = :now, caused_by = :caused_by REMOVE on_cancel",
            f"{condition} AND #status = :pending",
            names={"#status": "status", "#reason": "reason", "#sequence": "sequence"},
            values={
                ":status": target.value,
                ":pending": PENDING.value,
                ":reason": reason.value,
                ":one": 1,
                ":now": rfc3339(now),
                ":caused_by": caused_by,
            },
        )

    def apply_delivery(
        self, order: Item, update: Update, *, delivery_sequence: int, now: datetime, caused_by: str
    ) -> bool:
        """Write what a delivery's event changed, unless the order changed since `order` was read."""
        values = {
            **update.set,
            "delivery_sequence": delivery_sequence,
            "sequence": order["sequence"] + 1,
            "occurred_at": rfc3339(now),
            "caused_by": caused_by,
        }
        removed = sorted(update.remove - values.keys())
        sets = ", ".join(f"#{name} = :{name}" for name in values)
        return self._update(
            order["order_id"],
            f"SET {sets}" + (f" REMOVE {', '.join(f'#{name}' for name in removed)}" if removed else ""),
            "#sequence = :known",
            names={f"#{name}": name for name in (*values, *removed)},
            values={f":{name}": value for name, value in values.items()} | {":known": order["sequence"]},
        )

    def _get(self, pk: str, sk: str) -> Item | None:
        item = self._table.get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=True).get("Item")
        return plain(item) if item else None

    def _update(
        self, order_id: str, expression: str, condition: str, *, names: dict[str, str], values: dict[str, Any]
    ) -> bool:
        try:
            self._table.update_item(
                Key={"pk": f"ORDER#{order_id}", "sk": "ORDER"},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True
