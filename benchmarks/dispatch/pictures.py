"""Two pictures, as SVG: how long customers waited, and what one hour looked like from above."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from benchmarks.dispatch.clock import Decision
from local.simulator.instance_files import Day, Place

WIDTH, HEIGHT, MARGIN = 800, 500, 50
COLOURS = ("#0b6e4f", "#c8553d", "#588b8b", "#8d6a9f")
LONGEST = 120  # minutes


def click_to_door(by_dispatcher: Mapping[str, Sequence[float]]) -> str:
    """The share of delivered orders, by the minutes from click to door they took at most."""
    parts = [_text(WIDTH / 2, HEIGHT - 12, "minutes from click to door", anchor="middle")]
    parts.append(_text(12, MARGIN - 20, "share of delivered orders"))
    for minutes in range(0, LONGEST + 1, 15):
        x = _across(minutes / LONGEST)
        parts += [_line((x, MARGIN), (x, HEIGHT - MARGIN), "#ddd"), _text(x, HEIGHT - MARGIN + 16, f"{minutes}")]
    for share in (0.0, 0.25, 0.5, 0.75, 0.95, 1.0):
        y = _down(1 - share)
        parts += [_line((MARGIN, y), (WIDTH - MARGIN, y), "#ddd"), _text(8, y + 4, f"{share:.0%}")]
    for number, (name, waits) in enumerate(by_dispatcher.items()):
        colour, waits = COLOURS[number % len(COLOURS)], sorted(waits)
        shares = ((_across(min(1.0, w / LONGEST)), _down(1 - n / len(waits))) for n, w in enumerate(waits, 1))
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shares)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(WIDTH - MARGIN - 90, HEIGHT - MARGIN - 20 - 18 * number, name, colour=colour))
    return _picture("Click to door", parts)


def one_hour(day: Day, decisions: Sequence[Decision]) -> str:
    """The trips decided in the busiest hour: dashed to the restaurant (squares), drawn out to customers (dots)."""
    per_hour: dict[int, int] = {}
    for decision in decisions:
        per_hour[decision.minute // 60] = per_hour.get(decision.minute // 60, 0) + len(decision.orders)
    busiest = max(per_hour, key=lambda hour: (per_hour[hour], -hour), default=0)
    orders = {order.name: order for order in day.orders}
    places = {courier.name: courier.at for courier in day.couriers}
    lines: list[tuple[Place, Place, bool]] = []
    for decision in sorted(decisions, key=lambda each: each.minute):
        stops = [places[decision.courier], day.restaurants[orders[decision.orders[0]].restaurant]]
        stops += [orders[name].at for name in decision.orders]
        places[decision.courier] = stops[-1]
        if decision.minute // 60 == busiest:
            lines += [(a, b, n == 0) for n, (a, b) in enumerate(pairwise(stops))]
    return _map(day, lines, f"{day.name}, {busiest}:00 to {busiest + 1}:00: {per_hour.get(busiest, 0)} orders")


def _map(day: Day, lines: Sequence[tuple[Place, Place, bool]], title: str) -> str:
    spots = [*day.restaurants.values(), *(end for _, end, _ in lines), *(start for start, _, _ in lines)]
    west, south = min(x for x, _ in spots), min(y for _, y in spots)
    wide = max(max(x for x, _ in spots) - west, max(y for _, y in spots) - south) or 1.0

    def at(place: Place) -> Place:
        size = HEIGHT - 2 * MARGIN
        return MARGIN + (place[0] - west) / wide * size, HEIGHT - MARGIN - (place[1] - south) / wide * size

    parts = [_line(at(a), at(b), "#999" if empty else COLOURS[0], dashed=empty) for a, b, empty in lines]
    for x, y in map(at, day.restaurants.values()):
        parts.append(f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="{COLOURS[1]}"/>')
    for x, y in (at(end) for _, end, empty in lines if not empty):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[0]}"/>')
    size = HEIGHT - 2 * MARGIN
    parts.append(_line((size + 80, HEIGHT - MARGIN), (size + 80 + 1000 / wide * size, HEIGHT - MARGIN), "#333"))
    parts.append(_text(size + 80, HEIGHT - MARGIN - 6, "1 km"))
    return _picture(title, parts)


def _across(share: float) -> float:
    return MARGIN + share * (WIDTH - 2 * MARGIN)


def _down(share: float) -> float:
    return MARGIN + share * (HEIGHT - 2 * MARGIN)


def _line(start: Place, end: Place, colour: str, *, dashed: bool = False) -> str:
    ends = f'x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    dashes = ' stroke-dasharray="3"' if dashed else ""
    return f'<line {ends} stroke="{colour}"{dashes}/>'


def _text(x: float, y: float, text: str, *, colour: str = "#333", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'


def _picture(title: str, parts: Sequence[str]) -> str:
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", ground, *parts, _text(MARGIN, 22, title), "</svg>", ""])
