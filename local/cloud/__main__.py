"""`python -m local.cloud`: starts the local cloud in this process and serves until it is told to stop."""

import argparse
import logging
import os
from pathlib import Path

from local.cloud import patch
from local.cloud.settings import Settings


def main(arguments: list[str] | None = None) -> None:
    """Starts the local cloud. Prints nothing; ready when GET /_ministack/ready answers 200."""
    settings = _parse(arguments)
    patch.check_version()
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    _log_to(settings.log_file, settings.log_level)
    # Before the first import of MiniStack: its modules read their settings when they are imported.
    environment = settings.environment()
    os.environ.clear()
    os.environ.update(environment)
    _serve(settings)


def _parse(arguments: list[str] | None) -> Settings:
    parser = argparse.ArgumentParser("python -m local.cloud", description="AWS on this machine, for this platform.")
    parser.add_argument("--port", type=int, default=4566, help="TCP port on 127.0.0.1")
    parser.add_argument("--state-dir", type=Path, required=True, help="where state is kept between runs")
    parser.add_argument("--lambda-python", type=Path, help="interpreter for python functions; default: a bare one")
    parser.add_argument("--auth", action=argparse.BooleanOptionalAction, default=True, help="enforce IAM policies")
    parser.add_argument("--log-level", default="WARNING", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
    given = parser.parse_args(arguments)
    return Settings(given.port, given.state_dir.resolve(), given.auth, given.lambda_python, given.log_level)


def _log_to(file: Path, level: str) -> None:
    logging.basicConfig(filename=file, level=level, format="%(asctime)s %(levelname)s [%(name)s] %(message)s")
    logging.captureWarnings(True)


def _serve(settings: Settings) -> None:
    from ministack import app

    from local.cloud import (
        async_dead_letters,
        cloudformation,
        conditions,
        early_start,
        function_code,
        function_updates,
        functions,
        identity_pools,
        message_moves,
        permissions,
        persistence,
        push,
        push_record,
        put_events,
        server,
        signatures,
        sms,
        streams,
        subscription_dead_letters,
        target_checks,
        targets,
        transport,
        ttl,
    )

    functions.install(settings)
    function_code.install(settings)
    of_events = (put_events, target_checks, targets)
    of_callers = (permissions, signatures, identity_pools)
    of_messages = (subscription_dead_letters, message_moves, sms, push, push_record)
    of_functions = (early_start, function_updates, streams, async_dead_letters)
    for fill in (*of_callers, cloudformation, conditions, *of_functions, ttl, *of_events, *of_messages, persistence):
        fill.install()
    autosave = persistence.Autosave()
    served = autosave.counting(signatures.answering(push_record.answering(transport.behind_tls(app.app))))
    server.run(served, settings, [autosave.run, ttl.run, early_start.run])


if __name__ == "__main__":
    main()
