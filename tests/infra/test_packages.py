"""What the packages of the real services hold, for this machine and for AWS."""

import _imp
import ast
import importlib.metadata
import re
import struct
from pathlib import Path

import pytest

from benchmarks.init_time import handlers, load, placeholders
from infra.packages import Target, build, sources, tools
from infra.packages.measure import MAX_ZIPPED_BYTES, measure

TARGETS = {"host": Target.host(), "aws": Target.aws()}
# The first two bytes of byte-code, by the version that writes it; fixed for good with a version's first release.
MAGIC = {"3.11": 3495, "3.12": 3531, "3.13": 3571, "3.14": 3627}
UNCHECKED_HASH = 0b01  # PEP 552
ELF_MACHINE = {"x86_64": 62, "arm64": 183}

every_service = pytest.mark.parametrize("service", sources.services())
every_package = pytest.mark.parametrize(
    ("service", "target"),
    [pytest.param(s, t, id=f"{s}-{name}") for s in sources.services() for name, t in TARGETS.items()],
)


def names(package: Path) -> set[str]:
    return {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}


@pytest.mark.package
@every_package
def test_package_is_small(service: str, target: Target) -> None:
    assert measure(build(service, target)).zipped_bytes <= MAX_ZIPPED_BYTES


@pytest.mark.package
@every_package
def test_package_holds_its_services_modules_and_texts_and_nothing_else(service: str, target: Target) -> None:
    package = build(service, target)
    root = sources.REPOSITORY
    own = {path.relative_to(root).as_posix() for path in (root / "services" / service).rglob("*.*")}
    own = {name for name in own if name.endswith((".py", ".json"))}
    own = own - {f"services/{service}/stack.py"} | {"services/__init__.py"}
    packaged = {name for name in names(package) if name.startswith("services/") and not name.endswith(".pyc")}
    assert packaged == own
    for name in own:
        assert (package / name).read_bytes() == (root / name).read_bytes()


@pytest.mark.package
@every_package
def test_package_holds_the_events_but_not_how_they_are_built(service: str, target: Target) -> None:
    events = sources.REPOSITORY / "events"
    modules = {path.relative_to(events).as_posix() for path in (events / "delivery_events").rglob("*.py")}
    packaged = {name for name in names(build(service, target)) if name.split("/")[0] in {"delivery_events", "services"}}
    assert modules == {name for name in packaged if name.startswith("delivery_events/") and name.endswith(".py")}
    assert not [name for name in packaged if name.endswith((".graphql", ".js", ".toml", ".md"))]


@pytest.mark.package
@every_package
def test_package_holds_only_what_its_service_locks(service: str, target: Target) -> None:
    locked = set(re.findall(r"^([\w.-]+)==", (sources.REPOSITORY / f"requirements/{service}.txt").read_text(), re.M))
    providers = importlib.metadata.packages_distributions()
    tops = {re.sub(r"\.py$|\..*\.so$", "", path.name) for path in build(service, target).iterdir()}
    for top in tops - {"services", "delivery_events", "__pycache__"}:
        provided_by = [top.partition("-")[0]] if top.endswith(".dist-info") else providers[top]
        assert {name.lower().replace("_", "-") for name in provided_by} & locked, f"{top} is not locked by {service}"


@pytest.mark.package
@every_package
def test_package_describes_only_the_aws_services_that_are_called(service: str, target: Target) -> None:
    package = build(service, target)
    declared = sources.read(service).aws
    assert {path.name for path in (package / "botocore/data").iterdir() if path.is_dir()} == declared
    assert {path.name for path in (package / "boto3/data").iterdir()} <= declared


@every_service
def test_every_aws_client_of_the_code_is_declared(service: str) -> None:
    own = sources.read(service)
    calls = (
        node
        for name, code in own.files.items()
        if name.endswith(".py")
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
    )
    made = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"client", "resource"} and call.args
        if isinstance(call.args[0], ast.Constant)
    }
    assert made <= own.aws


@pytest.mark.package
@every_package
def test_every_module_has_byte_code_that_the_runtime_takes_unchecked(service: str, target: Target) -> None:
    package = build(service, target)
    tag = f"cpython-{target.python.replace('.', '')}"
    modules = list(package.rglob("*.py"))
    for source in modules:
        compiled = source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc"
        content = compiled.read_bytes()
        magic, end, flags, digest = struct.unpack("<H2sI8s", content[:16])
        assert (magic, end, flags) == (MAGIC[target.python], b"\r\n", UNCHECKED_HASH), compiled
        # Not importlib's own function, which hashes with the number of the Python that runs this.
        assert digest == _imp.source_hash(int.from_bytes(content[:4], "little"), source.read_bytes()), compiled
    assert len(list(package.rglob("*.pyc"))) == len(modules)


@pytest.mark.package
@every_package
def test_native_code_is_for_the_target(service: str, target: Target) -> None:
    libraries = list(build(service, target).rglob("*.so"))
    assert [library for library in libraries if library.name.startswith("_pydantic_core")]
    for library in libraries:
        header = library.read_bytes()[:20]
        if "apple" in target.platform:
            assert header[:4] == b"\xcf\xfa\xed\xfe", library
        else:
            assert header[:4] == b"\x7fELF", library
            assert struct.unpack_from("<H", header, 18)[0] == ELF_MACHINE[target.architecture], library
        assert f"-{target.python.replace('.', '')}-" in library.name or ".abi3." in library.name


@pytest.mark.package
@pytest.mark.parametrize(
    ("service", "module"), [(service, module) for service in sources.services() for module in handlers(service)]
)
def test_handler_loads_with_nothing_but_its_package(service: str, module: str) -> None:
    assert load(build(service, TARGETS["host"]), module, placeholders(service)) > 0


@pytest.mark.package
def test_a_package_is_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    built = build("orders", TARGETS["host"])
    monkeypatch.setattr(tools, "run", lambda *_, **__: pytest.fail("a program was started"))
    assert build("orders", TARGETS["host"]) == built
