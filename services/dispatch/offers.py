"""What happens to offers that nobody answers, and to searches whose timer was lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from services.dispatch.domain import SEARCHING, offer_is_over
from services.dispatch.queues import OfferExpiry, RoundAgain

logger = Logger(child=True)


class Table(Protocol):
    def delivery(self, delivery_id: str) -> dict[str, Any] | None: ...

    def open_deliveries(self) -> Iterator[dict[str, Any]]: ...

    def expire_offer(self, delivery: dict[str, Any], *, now: datetime, caused_by: str) -> bool: ...


class Rounds(Protocol):
    def ask(self, zone: str, now: datetime) -> None: ...


class Timers(Protocol):
    def set(self, timer: OfferExpiry | RoundAgain, now: datetime) -> None: ...


@dataclass(frozen=True)
class Swept:
    """What a sweep did: offers it took back, zones it asked rounds for, and rows and zones it had to leave."""

    expired: int
    zones: int
    failed: int = 0


def ring(timer: OfferExpiry | RoundAgain, table: Table, rounds: Rounds, timers: Timers, *, now: datetime) -> str:
    """Do what a timer is for; one that rings before its time is set again. What came of it, in a word for the log."""
    if timer.due > now:
        timers.set(timer, now)
        return "early"
    if isinstance(timer, RoundAgain):
        rounds.ask(timer.zone, now)
        return "asked"
    delivery = table.delivery(timer.delivery_id)
    if delivery is None or delivery.get("offer", {}).get("offer_id") != timer.offer_id:
        return "answered"
    if not table.expire_offer(delivery, now=now, caused_by="timer:offer_expiry"):
        return "answered"
    return "expired"


def sweep(table: Table, rounds: Rounds, *, now: datetime) -> Swept:
    """Take back all offers past their time, and ask a round for each zone with a delivery that looks for a driver.

    A row or a zone that fails is left for the next sweep, and keeps no other from being swept.
    """
    zones: set[str] = set()
    expired = asked = failed = 0
    for delivery in table.open_deliveries():
        try:
            if offer_is_over(delivery, now):
                expired += table.expire_offer(delivery, now=now, caused_by="sweep")
            elif delivery["state"] == SEARCHING:
                zones.add(delivery["zone"])
        except (KeyError, TypeError, ValueError, ClientError, BotoCoreError):
            logger.exception("a delivery was not swept", extra={"keys": {"pk": delivery.get("pk")}})
            failed += 1
    for zone in sorted(zones):
        try:
            rounds.ask(zone, now)
            asked += 1
        except (ClientError, BotoCoreError):
            logger.exception("a zone was not asked for", extra={"zone": zone})
            failed += 1
    return Swept(expired, asked, failed)
