"""What every resolver says when DynamoDB fails: that the caller may try again, and nothing of what is stored."""

from functools import cache
from typing import Any

import pytest

from infra.constructs.resolvers import asks_table
from infra.graphql_schema import resolver_files, service_parts
from infra.resolver_bundles import bundle
from local.appsync.evaluate import evaluate
from local.appsync.javascript import Thrown

FILES = [path for part in service_parts() for *_, path in resolver_files(part.parent.name)]
SECRET = "somebody's row"
AGAIN = {"again": True}  # what clients see, whatever the text says
CALLER = {"sub": "user-1", "groups": ["operator"], "claims": {"custom:merchant_id": "merchant-1"}}


@cache
def bundled() -> dict[str, str]:
    return {path.stem: code for path, code in bundle(FILES).items()}


def answer(resolver: str, error_type: str, result: Any = None) -> Thrown:
    """What the response handler throws when its call failed so."""
    context = {
        "arguments": {"input": {}, "stop": "PICKUP"},
        "identity": CALLER,
        "source": {},
        "result": result,
        "error": {"type": f"DynamoDB:{error_type}", "message": SECRET},
    }
    thrown = evaluate(bundled()[resolver], "response", context).thrown
    assert thrown is not None
    return thrown


def cancelled(*reasons: str) -> dict[str, Any]:
    return {
        "keys": None,
        "cancellationReasons": [{"type": reason, "message": SECRET, "item": None} for reason in reasons],
    }


RESOLVERS = sorted(path.stem for path in FILES if asks_table(bundled()[path.stem]))
TRANSACTIONS = sorted(name for name in RESOLVERS if 'operation: "TransactWriteItems"' in bundled()[name])


@pytest.mark.parametrize("resolver", RESOLVERS)
def test_a_failure_of_dynamodb_is_internal_and_tells_nothing(resolver: str) -> None:
    for error_type in ("ProvisionedThroughputExceededException", "DynamoDbException"):
        thrown = answer(resolver, error_type)
        assert (thrown.kind, thrown.error_type, thrown.error_info) == ("error", "Internal", AGAIN)
        assert SECRET not in str(thrown)


@pytest.mark.parametrize("resolver", TRANSACTIONS)
def test_a_transaction_that_met_another_is_a_conflict_to_try_again(resolver: str) -> None:
    thrown = answer(resolver, "TransactionCanceledException", cancelled("None", "TransactionConflict"))
    assert (thrown.error_type, "try again" in thrown.message, thrown.error_info) == ("Conflict", True, AGAIN)
    assert SECRET not in str(thrown)


@pytest.mark.parametrize("resolver", TRANSACTIONS)
def test_a_transaction_that_dynamodb_could_not_do_is_internal(resolver: str) -> None:
    thrown = answer(resolver, "TransactionCanceledException", cancelled("ThrottlingError", "None"))
    assert (thrown.error_type, thrown.error_info) == ("Internal", AGAIN)
