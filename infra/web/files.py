"""The files that the pages are built to, as whoever asks for them names them."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.packages.sources import REPOSITORY

SOURCE = REPOSITORY / "web"
BUILT = SOURCE / "dist"
CONFIGURATION = "config.json"


@dataclass(frozen=True)
class File:
    """key: its address without the first slash; a page's has no ending, and the first page's is `index.html`."""

    key: str
    path: Path

    @property
    def content_type(self) -> str:
        kind = mimetypes.guess_type(self.path.name)[0] or "application/octet-stream"
        return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "application/json" else kind


def built_files(root: Path = BUILT) -> Iterator[File]:
    """Everything to be served. Raises FileNotFoundError when the pages are not built."""
    if not (root / "index.html").exists():
        raise FileNotFoundError(f"{root} holds no pages; `make web` builds them")
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            yield File(_key(name.as_posix()), path)


def _key(name: str) -> str:
    return name if name == "index.html" else name.removesuffix(".html")
