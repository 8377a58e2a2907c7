"""What all parts of the table share: one conditional write, several as one transaction, a query page by page."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from delivery_events.outbox import plain

from services.dispatch.writes import Item, conditional, unless_refused

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table as DynamoTable


AT_ONCE = 100  # rows that DynamoDB gets in one request
ATTEMPTS = 5


class Rows:
    def __init__(self, table: "DynamoTable", sleep: Callable[[float], None] = time.sleep) -> None:
        self._table = table
        self._sleep = sleep

    def _get(self, key: Item) -> Item | None:
        item = self._table.get_item(Key=key, ConsistentRead=True).get("Item")
        return plain(item) if item else None

    def _query(self, index: str | None, condition: Any) -> Iterator[Item]:
        """From the table itself where there is no index. Either way a moment old."""
        query: dict[str, Any] = {"KeyConditionExpression": condition} | ({"IndexName": index} if index else {})
        while True:
            page = self._table.query(**query)
            yield from (plain(item) for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _rows_of(self, entries: Iterable[Item], *, consistent: bool = True) -> Iterator[Item]:
        """The rows to which entries of an index lead, in their order, as they stand or, not `consistent`, a moment ago.
        What DynamoDB does not get to, time and again, is left out."""
        keys = ({name: entry[name] for name in ("pk", "sk")} for entry in entries)
        while some := list(islice(keys, AT_ONCE)):
            found = {row["pk"]: row for row in self._get_all(some, consistent)}
            yield from (found[key["pk"]] for key in some if key["pk"] in found)

    def _get_all(self, keys: Sequence[Item], consistent: bool) -> Iterator[Item]:
        name, left = self._table.name, list(keys)
        for attempt in range(ATTEMPTS):
            if attempt:
                self._sleep(0.05 * 2**attempt)
            asked: Any = {name: {"Keys": left, "ConsistentRead": consistent}}
            answer: Any = self._table.meta.client.batch_get_item(RequestItems=asked)
            yield from (plain(item) for item in answer["Responses"].get(name, ()))
            left = answer.get("UnprocessedKeys", {}).get(name, {}).get("Keys", [])
            if not left:
                return

    def _write(self, key: Item, expression: str, condition: str, values: Mapping[str, Any]) -> Item:
        return conditional(self._table.name, key, expression, condition, values)

    def _update(self, key: Item, expression: str, condition: str, values: Mapping[str, Any]) -> bool:
        write = self._write(key, expression, condition, values)
        return unless_refused(lambda: self._table.meta.client.update_item(**write), self._sleep)

    def _transact(self, *writes: Item) -> bool:
        items: Sequence[Any] = [{"Update": write} for write in writes]
        return unless_refused(lambda: self._table.meta.client.transact_write_items(TransactItems=items), self._sleep)
