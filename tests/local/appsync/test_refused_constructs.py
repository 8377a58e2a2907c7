"""The linter refuses what the APPSYNC_JS runtime refuses, so that no deployment finds it out first.

AWS AppSync Developer Guide, "JavaScript runtime features for resolvers and functions", lists what is supported.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from local.node import node_binary

_INFRA = Path(__file__).parents[3] / "infra"
_ESLINT = _INFRA / "node_modules" / "eslint" / "bin" / "eslint.js"

_REFUSED = {
    "try and catch": ("no-try", "try { ctx.a(); } catch { return 1; }"),
    "throw": ("no-restricted-syntax", "throw ctx.error;"),
    "for with a counter": ("no-for", "for (let i = 0; i < 3; i += 1) { ctx.a(i); }"),
    "while": ("no-while", "while (ctx.a) { ctx.b(); }"),
    "do while": ("no-while", "do { ctx.b(); } while (ctx.a);"),
    "continue": ("no-continue", "for (const a of ctx.args) { if (a) { continue; } ctx.b(a); }"),
    "a label": ("no-labels", "outer: for (const a of ctx.args) { break outer; }"),
    "increment": ("no-disallowed-unary-operators", "let a = 1; a++; return a;"),
    "bitwise not": ("no-disallowed-unary-operators", "return ~ctx.a;"),
    "instanceof": ("no-disallowed-binary-operators", "return ctx.a instanceof Object;"),
    "in": ("no-in-operator", "return 'a' in ctx.args;"),
    "this": ("no-this", "return this.a;"),
    "a regular expression": ("no-regex", "return /a/;"),
    "a class": ("no-classes", "class A {} return A;"),
    "an async function": ("no-async", "const a = async () => 1; return a;"),
    "await": ("no-await", "return await ctx.a;"),
    "a promise": ("no-undef", "return Promise.resolve(1);"),
    "a generator": ("no-generators", "function* a() { yield 1; } return a;"),
    "recursion": ("no-recursion", "function a(n) { return n ? a(n - 1) : 0; } return a(3);"),
    "a function given to a function": ("no-function-passing", "const a = (f) => f(); const b = () => 1; return a(b);"),
    "a function returned": ("no-function-return", "const a = () => { const b = () => 1; return b; }; return a();"),
    "a function under another name": ("no-function-reassign", "const a = () => 1; const b = a; return b();"),
    "the context assigned": ("no-disallowed-re-assignment", "ctx.args = {}; return 1;"),
    "new": ("no-restricted-syntax", "return new Date();"),
    "a map": ("no-undef", "return Map;"),
    "an error object": ("no-undef", "return Error('a');"),
    "a timer": ("no-undef", "return setTimeout;"),
    "the process": ("no-undef", "return process.env;"),
    "fetch": ("no-undef", "return fetch('https://example.com');"),
    "eval": ("no-undef", "return eval('1');"),
    "the global object": ("no-undef", "return globalThis;"),
    "bind": ("no-restricted-syntax", "return ctx.a.bind(1);"),
    "padStart": ("no-restricted-syntax", "return ctx.args.id.padStart(3);"),
    "localeCompare": ("no-restricted-syntax", "return ctx.args.id.localeCompare('a');"),
    "Object.freeze": ("no-disallowed-methods", "return Object.freeze(ctx.args);"),
    "the keys of an array": ("no-disallowed-methods", "return [1].keys();"),
    "Array.from": ("no-restricted-syntax", "return Array.from(ctx.args);"),
    "an unknown name": ("no-undef", "return unknown;"),
    "a loose comparison": ("eqeqeq", "return ctx.a == 1;"),
    "a comment that switches a rule off": ("no-undef", "// eslint-disable-next-line no-undef\n  return unknown;"),
}
_REFUSED_FILES = {
    "a module from elsewhere": (
        "no-restricted-syntax",
        "import a from 'lodash'; export const request = () => a; export const response = () => a;",
    ),
    "a module of Node": (
        "no-restricted-syntax",
        "import a from 'node:fs'; export const request = () => a; export const response = () => a;",
    ),
    "a dynamic import": (
        "no-restricted-syntax",
        "export const request = () => import('./a.js'); export const response = () => 1;",
    ),
    "a default export": ("no-restricted-syntax", "export default { request: 1 };"),
    "a syntax error": ("None", "export const request = ("),
}
_PERMITTED = {
    "for of": "for (const [a, b] of Object.entries(ctx.args)) { ctx.stash[a] = b; } return {};",
    "a template string": "return `${ctx.args.id}#1`;",
    "spread and rest": "const { id, ...rest } = ctx.args; return { ...rest, key: [...id] };",
    "an arrow function given to an array": "return ctx.args.ids.filter((a) => a).map((a) => ({ a }));",
    "optional chaining": "return ctx.result?.items ?? [];",
    "a helper function": "const a = (b) => b + 1; return a(1);",
    "reduce": "return ctx.args.ids.reduce((sum, a) => sum + a, 0);",
    "the stash": "ctx.stash.a = 1; delete ctx.stash.b; return {};",
    "util": "util.error('a', 'Invalid'); return util.dynamodb.toMapValues({ a: 1 });",
    "a default argument": "const a = (b = 1) => b; return a();",
    "delete and typeof": "delete ctx.stash.a; return typeof ctx.args.a === 'string';",
    "a switch": "switch (ctx.args.a) { case 1: return 1; default: return 2; }",
    "JSON and Math": "return Math.max(1, JSON.parse(ctx.args.a).b);",
}


def _resolver(body: str) -> str:
    head = "import { util } from '@aws-appsync/utils';"
    return (
        f"{head}\nexport function request(ctx) {{\n  {body}\n}}\nexport const response = (ctx) => util.autoId(ctx);\n"
    )


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """The rules that each construct breaks; one run for all of them, since starting it takes seconds."""
    folder = tmp_path_factory.mktemp("resolvers")
    bodies = {**{name: body for name, (_, body) in _REFUSED.items()}, **_PERMITTED}
    whole = {name: file for name, (_, file) in _REFUSED_FILES.items()}
    sources = {**{name: _resolver(body) for name, body in bodies.items()}, **whole}
    files = {folder / f"{index}.js": name for index, name in enumerate(sources)}
    for file, name in files.items():
        file.write_text(sources[name])
    (folder / "tsconfig.json").write_text(
        json.dumps({"extends": str(_INFRA / "tsconfig.json"), "include": ["*.js"]}), encoding="utf-8"
    )
    (folder / "eslint.config.mjs").write_text(
        f"import rules from {json.dumps(str(_INFRA / 'eslint.config.mjs'))};\n"
        "const parserOptions = { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname, lib: [] };\n"
        "export default [...rules, { files: ['**/*.js'], languageOptions: { parserOptions } }];\n"
    )
    ran = subprocess.run(
        [node_binary(), str(_ESLINT), "--format", "json", "*.js"],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.stdout, ran.stderr
    return {
        files[Path(result["filePath"])]: [
            str(found["ruleId"]).removeprefix("@aws-appsync/") for found in result["messages"]
        ]
        for result in json.loads(ran.stdout)
        if Path(result["filePath"]) in files
    }


@pytest.mark.parametrize("construct", [*_REFUSED, *_REFUSED_FILES])
def test_it_is_refused(problems: Mapping[str, list[str]], construct: str) -> None:
    rule, _ = (_REFUSED | _REFUSED_FILES)[construct]
    assert rule in problems[construct]


@pytest.mark.parametrize("construct", _PERMITTED)
def test_it_is_permitted(problems: Mapping[str, list[str]], construct: str) -> None:
    assert problems[construct] == []
