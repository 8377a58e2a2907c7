"""Points on the Earth, and how far they are from each other."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True)
class Point:
    """WGS 84 degrees."""

    lat: float
    lng: float


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres, by the haversine formula."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lng - a.lng) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half)))
