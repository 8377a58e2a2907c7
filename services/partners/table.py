"""Every DynamoDB call of the partners service's Python. The resolvers make their own; both are in
docs/tables/partners.md.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError
from delivery_events.envelope import rfc3339
from delivery_events.outbox import plain
from delivery_events.partners import DisabledReason

from services.partners.domain import Row, Standing, State, Status

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table as DynamoTable

Item = dict[str, Any]

MOST_WAITING = 20  # earlier events of one aggregate that one turn delivers

# After which a queued message is certainly gone: SQS keeps it for 14 days. A delivery that is still QUEUED then is due
# again, or it would stay so for ever.
GONE_AFTER = timedelta(days=15)


class PartnersTable:
    def __init__(self, table: "DynamoTable") -> None:
        self._table = table

    # -- deliveries

    def log(self, row: Item) -> Row | None:
        """Write a new delivery. The row as it stands, if it had been written before."""
        try:
            self._table.put_item(
                Item=row,
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not _refused(error):
                raise
            there: Any = error.response
            return {name: plain(TypeDeserializer().deserialize(value)) for name, value in there["Item"].items()}
        return None

    def up_to(self, partner_id: str, aggregate_id: str, sequence: int, event_id: str) -> list[Row]:
        """An aggregate's deliveries up to one event, in their order; of many, the last."""
        page = self._table.query(
            KeyConditionExpression=Key("pk").eq(f"PARTNER#{partner_id}")
            & Key("sk").between(f"DELIVERY#{aggregate_id}#", delivery_sk(aggregate_id, sequence, event_id)),
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=MOST_WAITING,
        )
        return [plain(item) for item in reversed(page["Items"])]

    def delivery(self, partner_id: str, event_id: str) -> Row | None:
        page = self._table.query(
            IndexName="event-index",
            KeyConditionExpression=Key("partner_id").eq(partner_id) & Key("event_id").eq(event_id),
        )
        return plain(page["Items"][0]) if page["Items"] else None

    def delivered(self, row: Row, *, now: datetime, code: int | None) -> None:
        self._end(row, State.DELIVERED, now, {"code": code, "delivered_at": rfc3339(now)}, remove=["problem"])

    def failed(self, row: Row, *, now: datetime, code: int | None, problem: str) -> None:
        self._end(row, State.FAILED, now, {"code": code, "problem": problem})

    def wait(self, row: Row, due: datetime, *, now: datetime, code: int | None, problem: str) -> None:
        """Have a delivery that failed tried again at `due`."""
        values = {"code": code, "problem": problem, "attempts": row["attempts"] + 1, "tried_at": rfc3339(now)}
        self._set(row, {"state": State.WAITING.value, **values, **_due(row, due)})

    def put_off(self, row: Row, *, now: datetime, expected: datetime) -> None:
        """Have a delivery attempted as soon as one may be made, which is `expected` to be then: to the index it is due
        at once, and the sweep leaves a partner alone while that is paused."""
        self._set(row, {"state": State.WAITING.value, **_due(row, now), "due": rfc3339(expected)})

    def hold(self, row: Row) -> None:
        self._set(row, {"state": State.HELD.value}, remove=["due", "due_partner", "due_key"])

    def due(self, partner_id: str, now: datetime, limit: int) -> list[Row]:
        """Deliveries that are due, in the order of what is due when and of what happened when."""
        page = self._table.query(
            IndexName="due-index",
            KeyConditionExpression=Key("due_partner").eq(partner_id) & Key("due_key").lt(f"{rfc3339(now)}~"),
            Limit=limit,
        )
        return [plain(item) for item in page["Items"]]

    def queued(self, row: Row, now: datetime) -> bool:
        """Note that a due delivery is on its way. False if it has been changed since it was read."""
        return self._update(
            {"pk": row["pk"], "sk": row["sk"]},
            "SET #state = :queued, due_partner = :partner, due_key = :gone REMOVE due",
            "due_key = :known",
            names={"#state": "state"},
            values={
                ":queued": State.QUEUED.value,
                ":partner": row["partner_id"],
                ":gone": due_key(row, now + GONE_AFTER),
                ":known": row["due_key"],
            },
        )

    # -- a partner's standing

    def standing(self, partner_id: str) -> Standing:
        item = self._table.get_item(Key=_standing_key(partner_id), ConsistentRead=True).get("Item")
        return _standing(plain(item)) if item else Standing()

    def count_failure(self, partner_id: str, now: datetime) -> Standing:
        """One more attempt in a row that failed; how the partner stands after it."""
        done = self._table.update_item(
            Key=_standing_key(partner_id),
            UpdateExpression="SET partner_id = :me, failing_since = if_not_exists(failing_since, :now) "
            "ADD failures :one",
            ExpressionAttributeValues={":me": partner_id, ":now": rfc3339(now), ":one": 1},
            ReturnValues="ALL_NEW",
        )
        return _standing(plain(done["Attributes"]))

    def recovered(self, partner_id: str) -> None:
        """The partner took a delivery after some had failed."""
        self._update(
            _standing_key(partner_id),
            "REMOVE failures, failing_since, paused_until",
            "attribute_exists(pk)",
        )

    def pause(self, partner_id: str, until: datetime) -> None:
        self._update(
            _standing_key(partner_id),
            "SET paused_until = :until",
            "attribute_exists(failing_since)",  # or it has recovered meanwhile
            values={":until": rfc3339(until)},
        )

    def disable(self, partner_id: str, reason: DisabledReason, *, now: datetime, caused_by: str) -> bool:
        """False if the partner is disabled already."""
        return self._update(
            _standing_key(partner_id),
            "SET partner_id = :me, #status = :disabled, #reason = :reason, occurred_at = :now, caused_by = :caused_by, "
            "#sequence = if_not_exists(#sequence, :zero) + :one REMOVE failures, failing_since, paused_until",
            "attribute_not_exists(#status) OR #status <> :disabled",
            names={"#status": "status", "#reason": "reason", "#sequence": "sequence"},
            values={
                ":me": partner_id,
                ":disabled": Status.DISABLED.value,
                ":reason": reason.value,
                ":now": rfc3339(now),
                ":caused_by": caused_by,
                ":zero": 0,
                ":one": 1,
            },
        )

    # -- replays

    def replay(self, partner_id: str, replay_id: str) -> Row | None:
        item = self._table.get_item(Key=_replay_key(partner_id, replay_id), ConsistentRead=True).get("Item")
        return plain(item) if item else None

    def between(self, partner_id: str, first: str, last: str, limit: int) -> list[Row]:
        """Deliveries by their key in the log, oldest first; `first` itself is left out."""
        page = self._table.query(
            IndexName="log-index",
            KeyConditionExpression=Key("log").eq(f"DELIVERIES#{partner_id}") & Key("log_key").between(first, last),
            Limit=limit + 1,
        )
        return [plain(item) for item in page["Items"] if item["log_key"] != first][:limit]

    def mark_for_replay(self, row: Row, replay_id: str, now: datetime) -> bool:
        """Have a delivery made once more. False if this replay had it before."""
        return self._update(
            {"pk": row["pk"], "sk": row["sk"]},
            "SET #state = :queued, attempts = :none, replay_id = :replay, due_partner = :partner, due_key = :gone "
            "REMOVE due, problem, code, delivered_at",
            "attribute_exists(pk) AND (attribute_not_exists(replay_id) OR replay_id <> :replay)",
            names={"#state": "state"},
            values={
                ":queued": State.QUEUED.value,
                ":none": 0,
                ":replay": replay_id,
                ":partner": row["partner_id"],
                ":gone": due_key(row, now + GONE_AFTER),
            },
        )

    def finish_replay(self, partner_id: str, replay_id: str, *, count: int, now: datetime) -> None:
        self._update(
            _replay_key(partner_id, replay_id),
            "SET #state = :queued, delivery_count = :count, queued_at = :now",
            "attribute_exists(pk)",
            names={"#state": "state"},
            values={":queued": State.QUEUED.value, ":count": count, ":now": rfc3339(now)},
        )

    def _end(self, row: Row, state: State, now: datetime, values: Item, *, remove: "list[str] | None" = None) -> None:
        attempt = {"attempts": row["attempts"] + 1, "tried_at": rfc3339(now)}
        self._set(
            row,
            {"state": state.value, **attempt, **values},
            remove=["due", "due_partner", "due_key", *(remove or [])],
        )

    def _set(self, row: Row, values: Item, *, remove: "list[str] | None" = None) -> None:
        """Not if a replay has marked the delivery since the row was read: its own turn is still to come."""
        marked = "replay_id = :replay" if "replay_id" in row else "attribute_not_exists(replay_id)"
        known = {":replay": row["replay_id"]} if "replay_id" in row else {}
        given = {name: value for name, value in values.items() if value is not None}
        sets = ", ".join(f"#{name} = :{name}" for name in given)
        removes = f" REMOVE {', '.join(remove)}" if remove else ""
        self._update(
            {"pk": row["pk"], "sk": row["sk"]},
            f"SET {sets}{removes}",
            f"attribute_exists(pk) AND {marked}",
            names={f"#{name}": name for name in given},
            values={**known, **{f":{name}": value for name, value in given.items()}},
        )

    def _update(
        self,
        key: Item,
        expression: str,
        condition: str,
        *,
        names: "dict[str, str] | None" = None,
        values: "Item | None" = None,
    ) -> bool:
        more: Item = {"ExpressionAttributeNames": names} if names else {}
        more |= {"ExpressionAttributeValues": values} if values else {}
        try:
            self._table.update_item(Key=key, UpdateExpression=expression, ConditionExpression=condition, **more)
        except ClientError as error:
            if _refused(error):
                return False
            raise
        return True


def delivery_sk(aggregate_id: str, sequence: int, event_id: str) -> str:
    """Sorts an aggregate's deliveries by its changes."""
    return f"DELIVERY#{aggregate_id}#{sequence:010d}#{event_id}"


def due_key(row: Row, due: datetime) -> str:
    """Sorts a partner's deliveries by when they are due; those of the same moment as they happened."""
    return f"{rfc3339(due)}#{row['occurred_at']}#{row['event_sequence']:010d}#{row['event_id']}"


def _due(row: Row, due: datetime) -> Item:
    return {"due": rfc3339(due), "due_partner": row["partner_id"], "due_key": due_key(row, due)}


def _standing_key(partner_id: str) -> Item:
    return {"pk": f"PARTNER#{partner_id}", "sk": "STANDING"}


def _replay_key(partner_id: str, replay_id: str) -> Item:
    return {"pk": f"PARTNER#{partner_id}", "sk": f"REPLAY#{replay_id}"}


def _standing(row: Row) -> Standing:
    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(row[name]) if name in row else None

    return Standing(
        status=Status(row.get("status", Status.ENABLED)),
        failures=row.get("failures", 0),
        failing_since=moment("failing_since"),
        paused_until=moment("paused_until"),
    )


def _refused(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"
