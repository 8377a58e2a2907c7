"""What docs/tables/dispatch.md says of states is what the domain does."""

from pathlib import Path

from services.dispatch.domain import TRANSITIONS, State, Transition

PAGE = Path(__file__).parents[2] / "docs" / "tables" / "dispatch.md"
NOTHING = "\N{EN DASH}"


def cell(states: frozenset[State], none: str) -> str:
    return ", ".join(sorted(state.value for state in states)) or none


def line(each: Transition) -> str:
    event = f"`{each.event.TYPE}`" if each.event else NOTHING
    columns = (
        each.aggregate,
        cell(each.sources, NOTHING),
        each.trigger,
        cell(each.targets, "as before"),
        each.written_by,
        event,
        each.reason.value if each.reason else NOTHING,
        each.tells or NOTHING,
    )
    return f"| {' | '.join(columns)} |"


def test_the_page_lists_every_transition_and_no_other() -> None:
    _, _, section = PAGE.read_text().partition("## Transitions\n")
    rows = [row for row in section.splitlines() if row.startswith("|")]
    assert rows[2:] == [line(each) for each in TRANSITIONS]
