"""A replay: deliveries out of the partner's own log, made once more and marked with the replay's id.

From the log and not from the bus's archive: it holds exactly what this partner was to get, without what is internal,
and nobody else is sent anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.partners.domain import Row, State
from services.partners.messages import Deliveries, ReplayTurn
from services.partners.table import PartnersTable

PAGE = 100


class Again(Protocol):
    def __call__(self, turn: ReplayTurn) -> None: ...


@dataclass(frozen=True)
class Replays:
    """go_on: asks for another turn of the same replay."""

    table: PartnersTable
    deliveries: Deliveries
    go_on: Again
    page: int = PAGE

    def take_turn(self, turn: ReplayTurn, *, now: datetime) -> int:
        """Queue a page of the replay's deliveries; how many. A turn that is taken twice queues nothing twice."""
        request = self.table.replay(turn.partner_id, turn.replay_id)
        if request is None or request["state"] != "REQUESTED":
            return 0
        rows = self._rows(request, turn.cursor)
        chosen = [row for row in rows if not request.get("undelivered") or row["state"] != State.DELIVERED]
        for row in sorted(chosen, key=lambda row: (row["occurred_at"], row["event_sequence"])):
            self.table.mark_for_replay(row, turn.replay_id, now)
            self.deliveries.queue(turn.partner_id, row, once=f"{turn.replay_id}:{row['event_id']}")
        count = turn.count + len(chosen)
        if "event_ids" not in request and len(rows) == self.page:
            self.go_on(turn.model_copy(update={"cursor": rows[-1]["log_key"], "count": count}))
        else:
            self.table.finish_replay(turn.partner_id, turn.replay_id, count=count, now=now)
        return len(chosen)

    def _rows(self, request: Row, cursor: str | None) -> Sequence[Row]:
        partner_id = request["partner_id"]
        if "event_ids" in request:
            found = (self.table.delivery(partner_id, event_id) for event_id in request["event_ids"])
            return [row for row in found if row]
        # The highest character: the last moment's own keys go on with an event's id.
        return self.table.between(partner_id, cursor or request["start"], f"{request['end']}~", self.page)
