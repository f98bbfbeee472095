"""Networks as conditions write them, and whether several of them really narrow where calls may come from."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network
EVERYWHERE: tuple[Network, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
_FORM = re.compile(r"[0-9a-fA-F.:]+(/[0-9]{1,3})?")
# AWS's own measure of "public" for IP conditions (Amazon S3 user guide, access-control-block-public-access): wider than
# these is public. It is the one number that AWS documents, so it is ours.
_WIDEST_V4, _WIDEST_V6 = 8, 32
_PRIVATE = tuple(IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
# IPv4 written as IPv6: whether AWS would match IPv4 callers against these is not documented.
_EMBEDDED = tuple(IPv6Network(each) for each in ("::ffff:0:0/96", "64:ff9b::/96"))


class Width(StrEnum):
    """How much of the internet a list of networks leaves."""

    NARROW = "narrow"
    WIDE = "wide"
    """All of it, or so much that AWS counts it as public."""
    UNKNOWN = "unknown"


@lru_cache(maxsize=65_536)
def network(text: str) -> Network | None:
    """Return a CIDR block, or a single address, of either IP version; None for another text. What is behind its prefix is dropped."""
    if not _FORM.fullmatch(text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def width(values: tuple[str, ...]) -> Width:
    """Return how wide the union of the networks is: CIDR blocks or single addresses, of either IP version."""
    found = [network(each) for each in values]
    networks = [each for each in found if each is not None]
    return width_of(networks) if found and len(networks) == len(found) else Width.UNKNOWN


def width_of(networks: Iterable[Network]) -> Width:
    """Return how wide the union of networks is; none is NARROW."""
    together = list(networks)
    four = list(collapse_addresses(each for each in together if isinstance(each, IPv4Network)))
    six = list(collapse_addresses(each for each in together if isinstance(each, IPv6Network)))
    if any(each.prefixlen < _WIDEST_V4 for each in four) or any(each.prefixlen < _WIDEST_V6 for each in six):
        return Width.WIDE
    if holds_embedded(six):
        return Width.UNKNOWN
    public = sum(each.num_addresses for each in four if not any(each.subnet_of(own) for own in _PRIVATE))
    within = public <= 2 ** (32 - _WIDEST_V4) and sum(each.num_addresses for each in six) <= 2 ** (128 - _WIDEST_V6)
    return Width.NARROW if within else Width.UNKNOWN


def holds_embedded(networks: Iterable[Network]) -> bool:
    """Return whether some of the networks are IPv4 written as IPv6."""
    six = [each for each in networks if isinstance(each, IPv6Network)]
    return any(each.overlaps(embedded) for each in six for embedded in _EMBEDDED)


def collapsed(networks: Iterable[Network]) -> tuple[str, ...]:
    """Return the union of networks in as few as there can be, IPv4 first; a single address without its prefix."""
    together = list(networks)
    four = collapse_addresses(each for each in together if isinstance(each, IPv4Network))
    six = collapse_addresses(each for each in together if isinstance(each, IPv6Network))
    return tuple(str(each).removesuffix("/32") for each in four) + tuple(str(each).removesuffix("/128") for each in six)
