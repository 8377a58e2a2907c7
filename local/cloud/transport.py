"""Requests on the loopback interface count as made over TLS.

AWS: "aws:SecureTransport" is true for a request sent over TLS (IAM User Guide, "AWS global condition context keys"),
and the bucket that `cdk bootstrap` creates denies everything else. The local cloud listens on 127.0.0.1 without TLS,
so with policies enforced every upload would be refused. MiniStack takes the answer from the header a TLS-terminating
proxy sets; this is that proxy. It replaces nothing.

Only requests signed for S3 are marked: MiniStack also builds the URLs of its answers from that header, and those must
stay http.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


def behind_tls(application: Application) -> Application:
    """`application` behind a proxy that says S3 requests came over TLS."""

    async def proxy(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and _signed_for_s3(scope["headers"]):
            scope["headers"] = [*scope["headers"], (b"x-forwarded-proto", b"https")]
        await application(scope, receive, send)

    return proxy


def _signed_for_s3(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"authorization" and b"/s3/aws4_request" in value for name, value in headers)
