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
# Descriptions of AWS services: a folder for each.
_BOTOCORE_DATA = PurePosixPath("botocore/data")
_BOTO3_DATA = PurePosixPath("boto3/data")


def is_dead_weight(path: PurePosixPath) -> bool:
    """True for a file, relative to the installed tree, which no import and no call can reach."""
    top = path.parts[0]
    return (
        top in _FOLDERS_BESIDE_PACKAGES
        # Nothing looks a distribution up by name, and with no metadata to read pydantic's search for plugins is free.
        or top.endswith(".dist-info")
        or top == ".lock"
        or not _FOLDERS.isdisjoint(path.parts[:-1])
        or path.suffix in _SUFFIXES
        or str(path).startswith(_PARTS)
        or (_BOTOCORE_DATA in path.parents and path.name == "examples-1.json")
    )


def is_aws_data(path: PurePosixPath, but_for: frozenset[str]) -> bool:
    """True for what describes AWS services: all of botocore's, which aws_data writes, and boto3's `but_for` these."""
    return _BOTOCORE_DATA in path.parents or (_BOTO3_DATA in path.parents and path.parts[2] not in but_for)
