"""Small APIs for tests of the local AppSync: a schema, resolvers written inline, and who calls."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.appsync.api import build_api
from local.appsync.callers import Caller, cognito_caller
from local.appsync.definition import IAM, USER_POOLS, DataSource, Definition, Resolver, UserPool
from local.appsync.dynamodb.results import SourceResult
from local.appsync.evaluate import shared_worker
from local.appsync.execution import Engine, Operation
from local.appsync.javascript import Code
from local.appsync.resolver import CallSource, UnitResolvers

POOL = UserPool("us-east-1_example", "us-east-1")
NONE = DataSource("nothing", "NONE")
NOWHERE = "http://127.0.0.1:1"
TABLE = DataSource("things", "AMAZON_DYNAMODB", "things", "us-east-1")


def user(*groups: str, **claims: Any) -> Caller:
    """A user of the pool, in these groups."""
    token: dict[str, Any] = {"sub": "user-1", "iss": POOL.issuer, "cognito:username": "someone", "token_use": "id"}
    if groups:
        token["cognito:groups"] = list(groups)
    return cognito_caller(token | claims, ["127.0.0.1"])


def code(request: str = "return { payload: null };", response: str = "return ctx.result;") -> Code:
    """A resolver with these bodies of its two handlers."""
    return Code(
        "import { util, runtime, extensions } from '@aws-appsync/utils';\n"
        f"export function request(ctx) {{ {request} }}\n"
        f"export function response(ctx) {{ {response} }}\n"
    )


def definition(sdl: str, resolvers: Mapping[str, Code] | None = None, **changes: Any) -> Definition:
    """An API as deployed; `resolvers` by `Type.field`, on the NONE source unless their code names an operation."""
    found = {}
    for name, written in (resolvers or {}).items():
        type_name, field = name.split(".")
        source = TABLE if "operation:" in written.text else NONE
        found[type_name, field] = Resolver(type_name, field, source, written)
    settings: dict[str, Any] = {
        "api_id": "api-1",
        "name": "delivery",
        "default_mode": USER_POOLS,
        "modes": frozenset({USER_POOLS, IAM}),
        "user_pools": (POOL,),
        **changes,
    }
    return Definition(sdl=sdl, resolvers=found, **settings)


def run(
    deployed: Definition, query: str, caller: Caller | None = None, dynamodb: CallSource | None = None, **variables: Any
) -> dict[str, Any]:
    """The response's body. `dynamodb` answers what resolvers ask of the table."""
    with ThreadPoolExecutor(4) as pool:
        api = build_api(deployed, shared_worker())
        engine = Engine(api, UnitResolvers(shared_worker(), {"AMAZON_DYNAMODB": dynamodb or _no_table}), pool)
        return asyncio.run(engine.execute(Operation(query, variables), caller or user()))


def _no_table(_source: DataSource, request: Any, resolver: str) -> SourceResult:
    raise AssertionError(f"{resolver} was not to call DynamoDB, but asked for {request}")
