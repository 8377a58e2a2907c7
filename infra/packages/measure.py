"""How large a package is, as Lambda counts: unzipped on disk and zipped as it is uploaded."""

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

# Our own limit, far below Lambda's 50 MB: what is downloaded and unpacked at a cold start should be what is used.
MAX_ZIPPED_BYTES = 12_000_000


@dataclass(frozen=True)
class Size:
    """Of one package."""

    files: int
    unzipped_bytes: int
    zipped_bytes: int


def measure(package: Path) -> Size:
    """Zips the package the way the CDK does (deflate) into a file that is thrown away."""
    files = sorted(path for path in package.rglob("*") if path.is_file())
    with tempfile.TemporaryFile() as scratch:
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                archive.write(path, path.relative_to(package))
        zipped = scratch.seek(0, 2)
    return Size(len(files), sum(path.stat().st_size for path in files), zipped)
