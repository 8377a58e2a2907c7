"""Where the platform works, for the pages' maps: a middle, how far around it, and dispatch's zones there."""

import math
from dataclasses import asdict, dataclass

import h3

_METRES_PER_DEGREE = math.pi * 6_371_008.8 / 180


@dataclass(frozen=True)
class Zone:
    """id: the H3 cell. corners: latitude and longitude of each, in degrees (WGS 84)."""

    id: str
    corners: list[tuple[float, float]]


@dataclass(frozen=True)
class Area:
    """lat, lng: degrees (WGS 84). radius_m: what a map shows when nothing else says where to look."""

    lat: float
    lng: float
    radius_m: int

    def zones(self, resolution: int) -> list[Zone]:
        """The cells that reach to within twice the radius: where a map may be moved to."""
        middle = h3.latlng_to_cell(self.lat, self.lng, resolution)
        edge = h3.average_hexagon_edge_length(resolution, unit="m")  # also from a hexagon's middle to its corners
        reach = 2 * self.radius_m + edge
        cells = h3.grid_disk(middle, math.ceil(reach / edge))
        near = sorted(cell for cell in cells if self._metres_to(*h3.cell_to_latlng(cell)) <= reach)
        return [Zone(cell, [(round(lat, 6), round(lng, 6)) for lat, lng in h3.cell_to_boundary(cell)]) for cell in near]

    def as_json(self, resolution: int) -> dict[str, object]:
        """The part of a page's configuration that is about the map."""
        return {
            "centre": {"lat": self.lat, "lng": self.lng},
            "radiusMetres": self.radius_m,
            "zones": [asdict(zone) for zone in self.zones(resolution)],
        }

    def _metres_to(self, lat: float, lng: float) -> float:
        east = (lng - self.lng) * math.cos(math.radians((lat + self.lat) / 2))
        return math.hypot(east, lat - self.lat) * _METRES_PER_DEGREE
