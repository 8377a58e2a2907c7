"""`python -m local.appsync --port 4600 --cloud http://127.0.0.1:4566` serves the API until it is stopped."""

import argparse
import logging
from functools import partial

import uvicorn

from local.appsync.gateway import Settings, connect
from local.appsync.server import app


def main() -> None:
    options = argparse.ArgumentParser(prog="local.appsync", description="Serve the deployed AppSync API locally")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--cloud", required=True, help="the local cloud's endpoint, for example http://127.0.0.1:4566")
    options.add_argument("--api", default="delivery", help="the name of the API to serve")
    options.add_argument("--region", default="us-east-1")
    chosen = options.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = Settings(chosen.cloud.rstrip("/"), chosen.api, chosen.region)
    uvicorn.run(
        app(partial(connect, settings)),
        host=chosen.host,
        port=chosen.port,
        ws="websockets-sansio",  # of uvicorn's ways to WebSocket the one on a typed, maintained library
        access_log=False,
        log_level="warning",
    )


main()
