"""`python -m local.pages --port 4568 --config .local/pages.json` serves the built pages until it is stopped."""

import argparse
from pathlib import Path

import uvicorn

from infra.web.files import BUILT
from local.pages.server import app


def main() -> None:
    options = argparse.ArgumentParser(prog="local.pages", description="Serve the built pages")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--root", type=Path, default=BUILT, help="the built pages")
    options.add_argument("--config", type=Path, required=True, help="what they are told as /config.json")
    chosen = options.parse_args()
    served = app(chosen.root, chosen.config)
    uvicorn.run(served, host=chosen.host, port=chosen.port, ws="none", access_log=False, log_level="warning")


main()
