"""The response headers of every page, on AWS and on a laptop: a browser holds the pages to them."""

from collections.abc import Sequence

YEAR_SECONDS = 31_536_000


def content_security_policy(*, connect: Sequence[str], images: Sequence[str] = ()) -> str:
    """Everything comes from the pages' own host, and no code or style stands in a page itself.

    connect: origins that the pages call. images: origins of map tiles.
    """
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", *images],
        "connect-src": ["'self'", *connect],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"


def security_headers(*, connect: Sequence[str], images: Sequence[str] = ()) -> dict[str, str]:
    """Without Strict-Transport-Security, which is for hosts that are on TLS."""
    return {
        "Content-Security-Policy": content_security_policy(connect=connect, images=images),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS_POLICY,
        # A tracking link's token is in the fragment, which no Referer holds; the page's own address need not go either.
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def cache_control(key: str) -> str:
    """Files under `assets/` are named after their content and never change; all others are asked for again."""
    return f"public, max-age={YEAR_SECONDS}, immutable" if key.startswith("assets/") else "no-cache"
