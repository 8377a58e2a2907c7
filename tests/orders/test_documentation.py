"""What docs/tables/orders.md says of an order's life is what the domain does."""

from pathlib import Path

from delivery_events.orders import OrderStatus

from services.orders.domain import TRANSITIONS, Transition

PAGE = Path(__file__).parents[2] / "docs" / "tables" / "orders.md"
NOTHING = "\N{EN DASH}"


def cell(statuses: frozenset[OrderStatus], none: str) -> str:
    return ", ".join(sorted(statuses)) or none


def line(each: Transition) -> str:
    columns = (
        cell(each.sources, NOTHING),
        each.trigger,
        cell(each.targets, "as before"),
        each.written_by,
        f"`{each.event.TYPE}`" if each.event else NOTHING,
        each.tells or NOTHING,
    )
    return f"| {' | '.join(columns)} |"


def test_the_page_lists_every_transition_and_no_other() -> None:
    _, _, section = PAGE.read_text().partition("## Transitions\n")
    rows = [row for row in section.splitlines() if row.startswith("|")]
    assert rows[2:] == [line(each) for each in TRANSITIONS]
