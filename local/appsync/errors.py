"""AppSync's two kinds of failure: a refused request (an HTTP status), and an error on one field (HTTP 200)."""

from dataclasses import dataclass
from typing import Any


class RequestRefusedError(Exception):
    """The request as a whole is refused: the answer is an HTTP status and errors without data."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message

    def body(self) -> dict[str, Any]:
        return {"errors": [{"errorType": self.error_type, "message": self.message}]}


def unauthorized(message: str) -> RequestRefusedError:
    """Source: AWS Knowledge Center, "Unauthorized errors when I run GraphQL requests with AWS AppSync"."""
    return RequestRefusedError(401, "UnauthorizedException", message)


def malformed(message: str) -> RequestRefusedError:
    return RequestRefusedError(400, "MalformedHttpRequestException", message)


@dataclass(frozen=True)
class FieldError:
    """One entry of `errors`, before its path and location are known.

    `data` is cut to the field's selection set before it is returned; `error_info` is returned as it is.
    """

    message: str
    error_type: str | None = None
    data: Any = None
    error_info: Any = None


class FieldFailedError(Exception):
    """The field is null and its error is reported."""

    def __init__(self, error: FieldError) -> None:
        super().__init__(error.message)
        self.error = error


def not_authorized(field_name: str, type_name: str) -> FieldFailedError:
    return FieldFailedError(FieldError(f"Not Authorized to access {field_name} on type {type_name}", "Unauthorized"))
