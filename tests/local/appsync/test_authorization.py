"""Which caller may resolve which field: "Using additional authorization modes" and "Fine-grained access control" in the
AWS AppSync Developer Guide.
"""

from typing import Any

import pytest

from local.appsync.api import build_api
from local.appsync.callers import Caller
from local.appsync.definition import API_KEY, IAM, USER_POOLS, RefusedError
from local.appsync.evaluate import shared_worker
from tests.local.appsync.made import code, definition, run, user

SDL = """
type Query {
  open: String
  operators: String @aws_cognito_user_pools(cognito_groups: ["operator", "support"])
  signed: String @aws_iam
  both: String @aws_iam @aws_cognito_user_pools
  bothForOperators: String @aws_iam @aws_cognito_user_pools(cognito_groups: ["operator"])
  needed: String! @aws_iam
  thing: Thing @aws_iam @aws_cognito_user_pools
}
type Thing @aws_iam {
  inherited: String
  replaced: String @aws_cognito_user_pools
}
type Mutation {
  first: String @aws_iam
  second: String
}
"""
HELLO = code(response="return 'hello';")
FIELDS = ("open", "operators", "signed", "both", "bothForOperators")
RESOLVERS = {
    **{f"Query.{name}": HELLO for name in (*FIELDS, "needed")},
    "Query.thing": code(response="return { inherited: 'hello', replaced: 'hello' };"),
    "Mutation.first": HELLO,
    "Mutation.second": HELLO,
}
SIGNED = Caller(IAM, {"userArn": "arn:aws:iam::123456789012:role/example"})


def ask(query: str, caller: Caller, **settings: Any) -> dict[str, Any]:
    return run(definition(SDL, RESOLVERS, **settings), query, caller)


@pytest.mark.parametrize(
    ("caller", "default_mode", "let_in"),
    [
        (user(), USER_POOLS, {"open", "both"}),
        (user("customer"), USER_POOLS, {"open", "both"}),
        (user("operator"), USER_POOLS, {"open", "operators", "both", "bothForOperators"}),
        (user("customer", "support"), USER_POOLS, {"open", "operators", "both"}),
        (user("OPERATOR"), USER_POOLS, {"open", "both"}),
        (SIGNED, USER_POOLS, {"signed", "both", "bothForOperators"}),
        (SIGNED, IAM, {"open", "signed", "both", "bothForOperators"}),
        (user("operator"), IAM, {"operators", "both", "bothForOperators"}),
        (Caller(API_KEY), USER_POOLS, set()),
    ],
    ids=["no group", "another group", "a group", "one of two", "case counts", "iam", "iam by default", "", "no mode"],
)
def test_a_field_without_directives_takes_the_default_mode_and_any_other_what_its_directives_name(
    caller: Caller, default_mode: str, let_in: set[str]
) -> None:
    data = ask(f"{{ {' '.join(FIELDS)} }}", caller, default_mode=default_mode)["data"]
    assert {name for name in FIELDS if data[name] == "hello"} == let_in


@pytest.mark.parametrize(("caller", "field"), [(user(), "replaced"), (SIGNED, "inherited")], ids=["user", "iam"])
def test_fields_inherit_their_types_directives_and_their_own_replace_them(caller: Caller, field: str) -> None:
    thing = ask("{ thing { inherited replaced } }", caller)["data"]["thing"]
    assert [name for name, value in thing.items() if value] == [field]


def test_a_denied_field_is_null_beside_its_error_and_the_rest_of_the_answer() -> None:
    assert ask("{ open denied: signed }", user()) == {
        "data": {"open": "hello", "denied": None},
        "errors": [
            {
                "path": ["denied"],
                "data": None,
                "errorType": "Unauthorized",
                "errorInfo": None,
                "locations": [{"line": 1, "column": 8, "sourceName": None}],
                "message": "Not Authorized to access signed on type Query",
            }
        ],
    }


def test_a_denied_field_that_may_not_be_null_takes_its_parent_along() -> None:
    body = ask("{ open needed }", user())
    assert body["data"] is None
    assert [(error["path"], error["errorType"]) for error in body["errors"]] == [(["needed"], "Unauthorized")]


def test_a_denied_mutation_does_not_keep_the_next_one_from_running() -> None:
    assert ask("mutation { first second }", user())["data"] == {"first": None, "second": "hello"}


def test_a_denied_fields_resolver_does_not_run() -> None:
    asking = {"Query.signed": code("return { operation: 'GetItem' };")}
    body = run(definition(SDL, asking), "{ signed }", user())  # its table would fail the test
    assert body["errors"][0]["errorType"] == "Unauthorized"


@pytest.mark.parametrize(
    ("directive", "problem"),
    [
        ('@aws_auth(cognito_groups: ["operator"])', "additional authorization modes"),
        ("@aws_api_key", "a mode that the API does not have"),
        ("@aws_lambda", "not done locally"),
        ("@aws_oidc", "not done locally"),
    ],
)
def test_a_directive_that_would_not_protect_as_it_reads_is_refused(directive: str, problem: str) -> None:
    deployed = definition(f"type Query {{ open: String {directive} }}")
    with pytest.raises(RefusedError, match=directive.partition("(")[0]) as refused:
        build_api(deployed, shared_worker())
    assert problem.removeprefix("a mode") in str(refused.value)
