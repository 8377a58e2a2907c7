"""The table's writes of a delivery's beginning. What concerns one that is not there yet is noted on its row."""

from datetime import datetime

from delivery_events.envelope import rfc3339

from services.dispatch.rows import Rows
from services.dispatch.writes import Item, delivery_key


class Opening(Rows):
    def open(self, row: Item) -> bool:
        """Write a new delivery, keeping what was noted of it, unless there is one or a cancellation was noted."""
        return self._begin(row, "attribute_not_exists(#state) AND attribute_not_exists(cancelled_by)")

    def open_cancelled(self, row: Item) -> bool:
        """Write a delivery that was cancelled before it was opened."""
        return self._begin(row, "attribute_not_exists(#state)")

    def _begin(self, row: Item, condition: str) -> bool:
        values = {name: value for name, value in row.items() if name not in ("pk", "sk")}
        return self._update(
            delivery_key(row["delivery_id"]),
            f"SET {', '.join(f'#{name} = :{name}' for name in values)} REMOVE cancelled_by, expires_at",
            condition,
            {f":{name}": value for name, value in values.items()},
        )

    def note_ready(self, delivery_id: str, ready_at: datetime) -> bool:
        """Note when the merchant said it is ready, once; also before the delivery is opened. A fact of the order, not a
        transition: `sequence` stays."""
        return self._update(
            delivery_key(delivery_id),
            "SET ready_at = :at",
            "attribute_not_exists(ready_at)",
            {":at": rfc3339(ready_at)},
        )

    def note_cancelled(self, delivery_id: str, *, caused_by: str, forget_at: datetime) -> bool:
        """Note that a delivery nobody opened yet is not to be opened. DynamoDB forgets the note after `forget_at`."""
        return self._update(
            delivery_key(delivery_id),
            "SET cancelled_by = :caused_by, expires_at = :forget_at",
            "attribute_not_exists(#state)",
            {":caused_by": caused_by, ":forget_at": int(forget_at.timestamp())},
        )
