"""Reads `infra/web/map.yaml`: where the deployed pages' maps begin, and what lies under them."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from infra.web.area import Area

PATH = Path(__file__).parent / "map.yaml"


class MapFileError(Exception):
    """The file is wrong. The message has a line for each mistake: file, key, and what is allowed."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tiles(_Strict):
    """A raster tile server. url: with {z}, {x} and {y}. attribution: whom its terms say to name."""

    url: str
    attribution: Annotated[str, Field(min_length=1)]
    max_zoom: Annotated[int, Field(ge=1, le=24)] = 19

    @field_validator("url")
    @classmethod
    def _is_of_tiles(cls, url: str) -> str:
        if not url.startswith("https://") or any(part not in url for part in ("{z}", "{x}", "{y}")):
            raise ValueError("allowed is https://host/…{z}…{x}…{y}…")
        return url

    @property
    def origin(self) -> str:
        """What the pages' content security policy lets them load tiles from."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


class Centre(_Strict):
    lat: Annotated[float, Field(ge=-85, le=85)]
    lng: Annotated[float, Field(ge=-180, le=180)]


class MapSettings(_Strict):
    centre: Centre
    radius_m: Annotated[int, Field(ge=100, le=100_000)]
    tiles: Tiles | None = None

    @property
    def area(self) -> Area:
        return Area(self.centre.lat, self.centre.lng, self.radius_m)


def read(path: Path = PATH) -> MapSettings:
    """Raises MapFileError."""
    try:
        return MapSettings.model_validate(yaml.safe_load(path.read_text()))
    except yaml.YAMLError as error:
        raise MapFileError(f"{path.name}: not YAML: {error}") from error
    except ValidationError as error:
        mistakes = (f"{'.'.join(map(str, each['loc'])) or 'all'}: {each['msg']}" for each in error.errors())
        raise MapFileError("\n".join(f"{path.name}: {mistake}" for mistake in mistakes)) from error
