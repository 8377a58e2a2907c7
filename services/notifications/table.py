"""Every DynamoDB call of the notifications service's Python. The resolvers make their own; both are in
docs/tables/notifications.md.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from delivery_events.envelope import rfc3339
from delivery_events.notifications import Channel

from services.notifications.domain import CLAIMED, SENT, Alert, Contact, Device, Platform, Result

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table as DynamoTable

Item = dict[str, Any]

# One read has the contact and its devices. Whoever registers more than these is reached on some of them.
MAX_ROWS = 51


class Claim(StrEnum):
    """What came of asking for an alert."""

    MINE = "mine"
    HELD = "held"  # another sender is at it, and its lease has not lapsed
    DONE = "done"  # it was sent, suppressed or given up


class NotificationsTable:
    def __init__(self, table: "DynamoTable") -> None:
        self._table = table

    def contact(self, recipient_id: str) -> Contact | None:
        """How a recipient can be reached as of now, or None if nothing is known."""
        page = self._table.query(
            KeyConditionExpression=Key("pk").eq(f"CONTACT#{recipient_id}"), ConsistentRead=True, Limit=MAX_ROWS
        )
        rows = page["Items"]
        return _contact(recipient_id, cast(list[Item], rows)) if rows else None

    def claim(self, alert: Alert, *, now: datetime, lease_s: float, memory_s: float) -> Claim:
        """Take the alert up for `lease_s` seconds, if nobody has. Its row is remembered for `memory_s` seconds."""
        row: Item = {
            "pk": f"ALERT#{alert.alert_id}",
            "sk": "ALERT",
            "alert_id": alert.alert_id,
            "event_id": alert.event_id,
            "order_id": alert.order_id,
            "recipient_id": alert.recipient_id,
            "audience": alert.audience.value,
            "channel": alert.channel.value,
            "template": alert.template,
            "state": CLAIMED.value,
            "lease_until": rfc3339(now + timedelta(seconds=lease_s)),
            "sent_key": f"{rfc3339(now)}#{alert.alert_id}",
            "expires_at": int((now + timedelta(seconds=memory_s)).timestamp()),
            # Claimed again, it is the same change once more, so that the outcome is always the second.
            "sequence": 1,
            "occurred_at": rfc3339(now),
            "caused_by": alert.event_id,
        }
        try:
            self._table.put_item(
                Item=row,
                ConditionExpression="attribute_not_exists(pk) OR (#state = :claimed AND lease_until < :now)",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":claimed": CLAIMED.value, ":now": rfc3339(now)},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            # The row comes with the error, as DynamoDB's own JSON.
            there = cast(dict[str, Any], error.response)["Item"]
            return Claim.HELD if there["state"]["S"] == CLAIMED else Claim.DONE
        return Claim.MINE

    def record(self, alert: Alert, result: Result, *, now: datetime) -> bool:
        """Write how a claimed alert ended. False if that had been written before, by whoever claimed it next."""
        values = {
            "state": result.state.value,
            "sequence": 2,
            "occurred_at": rfc3339(now),
            "day": rfc3339(now)[:10],
            "reason": result.reason,
            "message_id": result.message_id,
            "sent_at": rfc3339(now) if result.state is SENT else None,
        }
        values = {name: value for name, value in values.items() if value is not None}
        return self._changed(
            {"pk": f"ALERT#{alert.alert_id}", "sk": "ALERT"},
            f"SET {', '.join(f'#{name} = :{name}' for name in values)} REMOVE lease_until",
            "#state = :claimed",
            names={f"#{name}": name for name in values},
            values={f":{name}": value for name, value in values.items()} | {":claimed": CLAIMED.value},
        )

    def keep_endpoint(self, recipient_id: str, device: Device, endpoint_arn: str) -> bool:
        """Remember SNS's endpoint for the device's token. False if the device has another token by now."""
        return self._changed(
            {"pk": f"CONTACT#{recipient_id}", "sk": f"DEVICE#{device.device_id}"},
            "SET endpoint_arn = :endpoint, endpoint_token = :token",
            "#token = :token",
            names={"#token": "token"},
            values={":endpoint": endpoint_arn, ":token": device.token},
        )

    def drop_endpoint(self, recipient_id: str, device: Device) -> bool:
        """Forget an endpoint that SNS has no more. False if the device has another one by now."""
        return self._changed(
            {"pk": f"CONTACT#{recipient_id}", "sk": f"DEVICE#{device.device_id}"},
            "REMOVE #endpoint, endpoint_token",
            "#endpoint = :endpoint",
            names={"#endpoint": "endpoint_arn"},
            values={":endpoint": device.endpoint_arn},
        )

    def forget_device(self, recipient_id: str, device: Device) -> bool:
        """Forget a device whose token the push service no longer knows. False if it has another token by now."""
        try:
            self._table.delete_item(
                Key={"pk": f"CONTACT#{recipient_id}", "sk": f"DEVICE#{device.device_id}"},
                ConditionExpression="#token = :token",
                ExpressionAttributeNames={"#token": "token"},
                ExpressionAttributeValues={":token": device.token},
            )
        except ClientError as error:
            return _stale(error)
        return True

    def _changed(
        self, key: Item, expression: str, condition: str, *, names: dict[str, str], values: dict[str, Any]
    ) -> bool:
        try:
            self._table.update_item(
                Key=key,
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            return _stale(error)
        return True


def _stale(error: ClientError) -> bool:
    """False for a condition that did not hold; any other error is raised again."""
    if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
        return False
    raise error


def _contact(recipient_id: str, rows: list[Item]) -> Contact:
    row: Item = next((row for row in rows if row["sk"] == "CONTACT"), {})
    devices = sorted(
        (row for row in rows if row["sk"].startswith("DEVICE#")), key=lambda row: row["registered_at"], reverse=True
    )
    return Contact(
        recipient_id=recipient_id,
        phone=row.get("phone"),
        locale=row.get("locale", "en"),
        turned_off=frozenset(channel for channel in Channel if row.get(f"{channel.lower()}_on") is False),
        opted_out=frozenset(Channel(name) for name in row.get("opted_out", ())),
        devices=tuple(_device(row) for row in devices),
    )


def _device(row: Item) -> Device:
    return Device(
        device_id=row["device_id"],
        platform=Platform(row["platform"]),
        token=row["token"],
        endpoint_arn=row.get("endpoint_arn"),
        endpoint_token=row.get("endpoint_token"),
    )
