"""How much JavaScript a page asks for: what its built head names, gzipped as it travels."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from infra.web.files import BUILT, SOURCE

BUDGET = 150_000  # bytes, without the map
_SCRIPT = re.compile(r'(?:src|href)="/(?P<path>assets/(?P<name>\w+)-[^"]+\.js)"')


@dataclass(frozen=True)
class Size:
    """Gzipped bytes. total: all that a page runs to show itself. of_map: the drawing of maps alone, of that."""

    total: int
    of_map: int

    @property
    def without_map(self) -> int:
        return self.total - self.of_map


def javascript(page: str, root: Path = BUILT) -> Size:
    """Of a built page, with the texts of its longest language. Raises FileNotFoundError if it is not built."""
    head = (root / f"{page}.html").read_text()
    scripts = {found["path"]: found["name"] for found in _SCRIPT.finditer(head)}
    sizes = {name: _gzipped(root / path) for path, name in scripts.items()}
    languages = [path.stem for path in (SOURCE / "messages").glob("*.json")]
    texts = [_gzipped(path) for each in languages for path in (root / "assets").glob(f"{each}-*.js")]
    return Size(sum(sizes.values()) + max(texts), sizes.get("map", 0))


def _gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))
