"""The pages' HTTP server: the files under the addresses and with the headers that they have on AWS.

Read at each request, so that pages built anew and a platform deployed anew need no restart.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from infra.web.files import CONFIGURATION, built_files
from infra.web.headers import cache_control, security_headers


def app(root: Path, configuration: Path) -> Starlette:
    """root: the built pages. configuration: the file that they get as `/config.json`."""

    async def file(request: Request) -> Response:
        key = request.path_params["key"] or "index.html"
        try:
            configured: dict[str, Any] = json.loads(configuration.read_text())
            files = {found.key: found for found in built_files(root)}
        except (OSError, ValueError) as problem:
            return PlainTextResponse(f"The pages cannot be served: {problem}\n", 503)
        headers = security_headers(connect=origins(configured), images=image_origins(configured))
        headers |= {"Cache-Control": cache_control(key)}
        if key == CONFIGURATION:
            return JSONResponse(configured, headers=headers)
        if (found := files.get(key)) is None:
            return PlainTextResponse("There is no such page.\n", 404, headers=headers)
        return FileResponse(found.path, headers=headers | {"Content-Type": found.content_type})

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    compressed = Middleware(GZipMiddleware, minimum_size=1_000)  # as CloudFront does it
    return Starlette(routes=[Route("/health", health), Route("/{key:path}", file)], middleware=[compressed])


def origins(configured: dict[str, Any]) -> list[str]:
    """Where the pages' calls and subscriptions go."""
    api = urlsplit(configured["api"]["url"])
    sockets = {"http": "ws", "https": "wss"}[api.scheme]
    others = [configured["signIn"].get("userPoolEndpoint"), configured["proofs"].get("endpoint")]
    return [f"{api.scheme}://{api.netloc}", f"{sockets}://{api.netloc}", *sorted({each for each in others if each})]


def image_origins(configured: dict[str, Any]) -> list[str]:
    tiles = configured["map"].get("tiles")
    if not tiles:
        return []
    url = urlsplit(tiles["url"])
    return [f"{url.scheme}://{url.netloc}"]
