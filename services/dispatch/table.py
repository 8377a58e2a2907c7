"""Dispatch's table as its Python uses it. The resolvers make their own calls; both are in docs/tables/dispatch.md.

Whatever concerns deliveries and their driver is one transaction over all these rows, so that they cannot disagree. A
condition that does not hold is an answer (`False`), not an error: somebody else was first. The writes are in
opening.py, offering.py, driving.py and learning.py.
"""

from collections.abc import Iterator
from datetime import datetime

from boto3.dynamodb.conditions import Key

from services.dispatch.driving import Driving
from services.dispatch.learning import Area, Learning, area
from services.dispatch.offering import Offering
from services.dispatch.opening import Opening
from services.dispatch.writes import Item, delivery_key, driver_key


class DispatchTable(Opening, Offering, Driving, Learning):
    def delivery(self, delivery_id: str) -> Item | None:
        """The delivery's row; before its order is confirmed, what was noted of it (no `state`)."""
        return self._get(delivery_key(delivery_id))

    def driver(self, driver_id: str) -> Item | None:
        return self._get(driver_key(driver_id))

    def fleet_watched_until(self) -> datetime | None:
        """Until when operators watch the fleet; None if none ever did."""
        row = self._get({"pk": "FLEET", "sk": "WATCH"})
        return datetime.fromisoformat(row["watched_until"]) if row else None

    def searching_in(self, zone: str) -> list[Item]:
        """The zone's deliveries without a driver. From an index, so a moment old."""
        return list(self._query("zone-index", Key("zone_key").eq(zone) & Key("zone_sk").begins_with("DELIVERY#")))

    def drivers_in(self, zone: str) -> list[Item]:
        """The drivers on duty in the zone, busy ones included. From an index, so a moment old."""
        return list(self._query("zone-index", Key("zone_key").eq(zone) & Key("zone_sk").begins_with("DRIVER#")))

    def in_zone(self, zone: str) -> tuple[list[Item], list[Item]]:
        """Both at once: the zone's deliveries without a driver, and its drivers on duty."""
        rows = list(self._query("zone-index", Key("zone_key").eq(zone)))
        deliveries = [row for row in rows if row["zone_sk"].startswith("DELIVERY#")]
        return deliveries, [row for row in rows if row["zone_sk"].startswith("DRIVER#")]

    def open_deliveries(self) -> Iterator[Item]:
        """All deliveries that have not ended, oldest first. One that was opened a moment ago may be missing."""
        keys = self._query("roster-index", Key("roster").eq("DELIVERIES"))
        return (row for row in self._rows_of(keys) if "roster" in row)

    def area(self, zone: str) -> Area:
        """What is learnt of a zone."""
        return area(list(self._query(None, Key("pk").eq(f"AREA#{zone}"))))
