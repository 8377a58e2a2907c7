"""Pushes to subscribers: requests to the API, signed with the function's own role.

A push is made once. It fails without an error, only with a log line: whoever watches can always ask.
"""

import json
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, NoCredentialsError
from botocore.httpsession import URLLib3Session

from delivery_events.push import Push

logger = Logger(child=True)

ANSWER_SECONDS = 3  # also to connect: the change is published by then, and the next one waits

# POSTs a body to the API, signed; the answer's HTTP status and body. Raises botocore's errors.
Send = Callable[[bytes], tuple[int, bytes]]


class Pusher:
    """Pushes to subscribers of one API, one request after the other."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def push(self, pushes: Sequence[Push]) -> None:
        """Never raises for what does not come through. What it holds is not logged: it may be personal."""
        for each in pushes:
            mutation, began = each.publication.mutation, time.perf_counter()
            failure = self._failure(each)
            if failure:
                logger.warning("push failed", extra={"mutation": mutation, "reason": failure})
            else:
                took_ms = round((time.perf_counter() - began) * 1000, 1)
                logger.debug("pushed", extra={"mutation": mutation, "took_ms": took_ms, **_counted(each)})

    def _failure(self, push: Push) -> str | None:
        given = {name: value for name, value in push.input.items() if value is not None}
        body = json.dumps({"query": push.publication.document, "variables": {"input": given}})
        try:
            status, answer = self._send(body.encode())
        except BotoCoreError as error:
            return type(error).__name__
        return _refusal(status, answer)


def readable(make: Callable[[], Iterable[Push]]) -> list[Push]:
    """What `make` says of a change; of a row that it cannot read, nothing, and a log line says so.

    The change's events are out by then: they are what counts, and are not to be held up by what nobody may be watching.
    """
    try:
        return list(make())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        logger.error("nothing to push", extra={"reason": type(error).__name__})
        return []


def _counted(push: Push) -> dict[str, int]:
    return {"sequence": push.input["sequence"]} if "sequence" in push.input else {}


def _refusal(status: int, answer: bytes) -> str | None:
    try:
        errors = json.loads(answer).get("errors", [])
    except ValueError:
        return f"HTTP {status}, and no JSON"
    if status == 200 and not errors:
        return None
    return f"HTTP {status}, {', '.join(str(error.get('errorType')) for error in errors)}"


def signed_post(url: str) -> Send:
    """Requests with this process's own credentials, over one connection that is kept open."""
    session = boto3.Session()
    region = session.region_name
    # Headers and body go out apart: without the option the body waits 40 ms for the headers to be acknowledged.
    at_once: Any = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]  # the stubs take texts for options
    connection = URLLib3Session(timeout=ANSWER_SECONDS, max_pool_connections=1, socket_options=at_once)

    def send(body: bytes) -> tuple[int, bytes]:
        credentials = session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        request = AWSRequest("POST", url, {"content-type": "application/json"}, body)
        SigV4Auth(credentials, "appsync", region).add_auth(request)
        response = connection.send(request.prepare())
        return response.status_code, response.content

    return send
