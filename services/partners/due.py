"""What is due again goes back into its partner's queue, and so does what was queued so long ago that SQS dropped it."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from aws_lambda_powertools import Logger

from services.partners.messages import Deliveries
from services.partners.table import PartnersTable

logger = Logger(child=True)

# A receiver that takes nothing is asked by few deliveries whether it does again; after that all that waits goes out.
PROBES = 2
MOST = 500  # of one partner
ENOUGH_S = 20.0  # after which the rest is the next sweep's, well before the function's 30 s


class NotSwept(Exception):  # noqa: N818 - it says what is the matter
    """The sweep failed for some partners; the text names them."""


def sweep(
    table: PartnersTable,
    deliveries: Deliveries,
    partners: Sequence[str],
    now: datetime,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, int]:
    """Queue what is due; how many deliveries of each partner, of those that had any.

    Each minute another partner comes first, so that none is always the one for whom there was no time.
    One for whom it fails keeps no other from being swept. Raises NotSwept after all of them, so that the failure is
    tried again, and is told to the operator if it lasts.
    """
    began = clock()
    first = int(now.timestamp() // 60) % max(1, len(partners))
    queued: dict[str, int] = {}
    failed: list[str] = []
    for partner in [*partners[first:], *partners[:first]]:
        if clock() - began > ENOUGH_S:
            break
        try:
            if count := _sweep(table, deliveries, partner, now):
                queued[partner] = count
        except Exception:
            logger.exception("a partner was not swept", extra={"partner": partner})
            failed.append(partner)
    if failed:
        raise NotSwept(f"not swept: {', '.join(failed)}")
    return queued


def _sweep(table: PartnersTable, deliveries: Deliveries, partner_id: str, now: datetime) -> int:
    standing = table.standing(partner_id)
    if standing.paused(now):
        return 0
    rows = table.due(partner_id, now, PROBES if standing.suspect else MOST)
    for row in rows:
        # Queued first: should this end in between, the next sweep does it again, and the queue drops the second.
        deliveries.queue(partner_id, row, once=f"{row['event_id']}:{row['due_key'][:24]}")
        table.queued(row, now)
    return len(rows)
