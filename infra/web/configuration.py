"""`config.json`, which the pages read when they start (web/src/platform/config.ts): written at deploy, in no bundle."""

from dataclasses import dataclass, field
from typing import Any

from infra.web.area import Area
from infra.web.map_file import Tiles
from services.dispatch.zones import RESOLUTION

DEMO_CITY = Area(lat=40.44, lng=-79.98, radius_m=2_200)
DEMO_DRAWING = "/maps/demo-city.json"


@dataclass(frozen=True)
class Configuration:
    """api_key: of the one kind of call that needs no sign-in, a tracking link's; it opens nothing by itself.
    endpoints: of Cognito and Amazon S3, where they are not AWS's own. demo: accounts and phones to try the pages with.
    """

    region: str
    api_url: str
    api_key: str
    user_pool_id: str
    client_id: str
    identity_pool_id: str
    proofs_bucket: str
    area: Area
    zone_resolution: int = RESOLUTION
    time_scale: float = 1
    tiles: Tiles | None = None
    endpoint: str | None = None
    demo: dict[str, Any] | None = field(default=None)

    def as_json(self) -> dict[str, Any]:
        sign_in = {
            "userPoolId": self.user_pool_id,
            "clientId": self.client_id,
            "identityPoolId": self.identity_pool_id,
        }
        proofs = {"bucket": self.proofs_bucket}
        if self.endpoint:
            sign_in |= {"userPoolEndpoint": self.endpoint, "identityPoolEndpoint": self.endpoint}
            proofs["endpoint"] = self.endpoint
        return {
            "api": {"url": self.api_url, "region": self.region, "key": self.api_key},
            "signIn": sign_in,
            "proofs": proofs,
            "map": self.area.as_json(self.zone_resolution) | self._base(),
            "timeScale": self.time_scale,
        } | ({"demo": self.demo} if self.demo else {})

    def _base(self) -> dict[str, Any]:
        if self.tiles is None:
            return {"schematic": DEMO_DRAWING}
        tiles = {"url": self.tiles.url, "attribution": self.tiles.attribution, "maxZoom": self.tiles.max_zoom}
        return {"tiles": tiles}
