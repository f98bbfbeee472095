"""Lists of addresses in conditions, and whether they really narrow where calls may come from."""

import re
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

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


def width(values: tuple[str, ...]) -> Width:
    """Return how wide the union of the networks is: CIDR blocks or single addresses, of either IP version."""
    if not values or not all(_FORM.fullmatch(value) for value in values):
        return Width.UNKNOWN
    try:
        networks = [ip_network(value, strict=False) for value in values]
    except ValueError:
        return Width.UNKNOWN
    four = list(collapse_addresses(each for each in networks if isinstance(each, IPv4Network)))
    six = list(collapse_addresses(each for each in networks if isinstance(each, IPv6Network)))
    if any(each.prefixlen < _WIDEST_V4 for each in four) or any(each.prefixlen < _WIDEST_V6 for each in six):
        return Width.WIDE
    if any(each.overlaps(embedded) for each in six for embedded in _EMBEDDED):
        return Width.UNKNOWN
    public = sum(each.num_addresses for each in four if not any(each.subnet_of(own) for own in _PRIVATE))
    within = public <= 2 ** (32 - _WIDEST_V4) and sum(each.num_addresses for each in six) <= 2 ** (128 - _WIDEST_V6)
    return Width.NARROW if within else Width.UNKNOWN
