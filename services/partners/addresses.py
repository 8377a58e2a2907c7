"""Which addresses a webhook may be sent to: public ones alone, or whoever can name a URL could reach what is inside."""

import ipaddress
import socket
from collections.abc import Callable, Sequence

Resolve = Callable[[str, int], Sequence[str]]


class Forbidden(Exception):  # noqa: N818 - it says what is the matter
    """The receiver is where no webhook may go; the text says where."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # a label that is empty or longer than 63 characters
        raise socket.gaierror(socket.EAI_NONAME, "no name of a host") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked(addresses: Sequence[str], *, allow_private: bool) -> str:
    """The address to connect to. Raises Forbidden if any of them is not public: a name that leads to both kinds is
    either a mistake or an attack."""
    if not addresses:
        raise Forbidden("its name has no address")
    if not allow_private and (inside := [address for address in addresses if not is_public(address)]):
        raise Forbidden(f"{inside[0]} is not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to a host on the internet: no loopback, private, link-local (such as the metadata
    service's 169.254.169.254), shared, multicast or reserved one, nor one of these inside an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inside is not None:
            return _is_public(inside)
    return _is_public(ip)


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if ip in _PROTOCOLS or (isinstance(ip, ipaddress.IPv6Address) and ip not in _GIVEN_OUT):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


# What `is_global` takes for public: addresses that protocols use among themselves, and all of IPv6 that was never
# given out to hosts, such as what was once site-local (fec0::/10).
_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
