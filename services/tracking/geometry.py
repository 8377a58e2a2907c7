"""Distances near one place. Positions are WGS 84 degrees."""

from math import cos, hypot, radians

EARTH_RADIUS_M = 6_371_008.8

Degrees = tuple[float, float]  # latitude, longitude


def distance_m(place: Degrees, start: Degrees, end: Degrees | None = None) -> float:
    """From `place` to the straight way between `start` and `end`, in metres; without `end`, to `start` alone.

    The Earth is taken as flat around `place`: exact to a thousandth within ten kilometres, which is all that a
    geofence asks; anything farther is far away by this measure, too.
    """
    ax, ay = _flat(place, start)
    bx, by = _flat(place, end) if end else (ax, ay)
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    # How far along the way the nearest point is: 0 at the start, 1 at the end.
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return hypot(ax + along * dx, ay + along * dy)


def _flat(origin: Degrees, point: Degrees) -> tuple[float, float]:
    """`point` in metres east and north of `origin`."""
    east = (point[1] - origin[1] + 180) % 360 - 180  # the short way round, also across the antimeridian
    return radians(east) * cos(radians(origin[0])) * EARTH_RADIUS_M, radians(point[0] - origin[0]) * EARTH_RADIUS_M
