"""What a wheel carries and no Lambda needs. botocore alone describes every AWS service there is: 28 MB."""

from pathlib import PurePosixPath

# Wheels may put files beside their packages: scripts, C headers, CMake files.
_FOLDERS_BESIDE_PACKAGES = frozenset({"bin", "include", "lib", "lib64", "share"})
_FOLDERS = frozenset({"__pycache__", "test", "tests"})
_SUFFIXES = frozenset({".a", ".c", ".cmake", ".h", ".pc", ".pxd", ".pyc", ".pyi", ".pyx", ".typed"})
_PARTS = (
    "boto3/examples/",
    # pydantic's old interface, loaded only for classes that still use it, and its extension for a type checker.
    "pydantic/v1/",
    "pydantic/mypy.py",
    # A web page about a REST API, for functions that serve one. Ours are fed by queues and streams.
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/",
)
# Packages that ask, as they are imported, which version of themselves is installed.
_ASK_FOR_THEIR_VERSION = frozenset({"h3"})
# Descriptions of AWS services: a folder for each.
_BOTOCORE_DATA = PurePosixPath("botocore/data")
_BOTO3_DATA = PurePosixPath("boto3/data")


def is_dead_weight(path: PurePosixPath) -> bool:
    """True for a file, relative to the installed tree, which no import and no call can reach."""
    top = path.parts[0]
    return (
        top in _FOLDERS_BESIDE_PACKAGES
        or (top.endswith(".dist-info") and not _is_looked_up(path))
        or top == ".lock"
        or not _FOLDERS.isdisjoint(path.parts[:-1])
        or path.suffix in _SUFFIXES
        or str(path).startswith(_PARTS)
        or (_BOTOCORE_DATA in path.parents and path.name == "examples-1.json")
    )


def _is_looked_up(path: PurePosixPath) -> bool:
    """Few distributions are looked up by name; with little metadata to read pydantic's search for plugins is quick."""
    return path.name == "METADATA" and path.parts[0].partition("-")[0] in _ASK_FOR_THEIR_VERSION


def is_aws_data(path: PurePosixPath, but_for: frozenset[str]) -> bool:
    """True for what describes AWS services: all of botocore's, which aws_data writes, and boto3's `but_for` these."""
    return _BOTOCORE_DATA in path.parents or (_BOTO3_DATA in path.parents and path.parts[2] not in but_for)
