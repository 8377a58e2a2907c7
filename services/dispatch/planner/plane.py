"""A plane under a city: WGS 84 degrees to metres east and north of an origin.

Within 50 km of the origin, distances on it are off by less than one in two hundred below 60 degrees of latitude.
"""

from dataclasses import dataclass
from math import cos, radians

from services.dispatch.places import EARTH_RADIUS_M
from services.dispatch.planner.model import Spot


@dataclass(frozen=True, slots=True)
class Plane:
    """`lat`, `lng`: the origin, in degrees; the zone's centre does."""

    lat: float
    lng: float

    def spot(self, lat: float, lng: float) -> Spot:
        east = (lng - self.lng + 540.0) % 360.0 - 180.0  # the short way round, over the date line too
        return Spot(radians(east) * cos(radians(self.lat)) * EARTH_RADIUS_M, radians(lat - self.lat) * EARTH_RADIUS_M)
