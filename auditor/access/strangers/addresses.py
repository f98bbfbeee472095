"""Classes of addresses, by the networks that conditions name."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, summarize_address_range

from auditor.access.iam.truth import Truth
from auditor.access.policy import Condition
from auditor.access.sources import EVERYWHERE, Network, network
from auditor.access.strangers.values import MOST_QUESTIONS, NOT_TOLD, NULL, Values, answers, are_closed

_OPERATORS = frozenset({"ipaddress", "notipaddress", NULL})


def addresses(conditions: tuple[Condition, ...]) -> tuple[Values, ...]:
    """Return the classes of addresses, of either IP version."""
    named = [network(value) for each in conditions if each.parts.base != NULL for value in each.values]
    blocks = {each for each in named if each is not None}
    if not are_closed(conditions, _OPERATORS) or None in named or len(blocks) * len(named) * 2 > MOST_QUESTIONS:
        return (NOT_TOLD,)
    found: dict[tuple[Truth, ...], list[Network]] = {}
    for first, last in _ranges(blocks):
        found.setdefault(answers(conditions, str(first)), []).extend(summarize_address_range(first, last))
    return tuple(Values(str(each[0].network_address), networks=tuple(each)) for each in found.values())


def _ranges(blocks: set[Network]) -> Iterator[tuple[IPv4Address, IPv4Address] | tuple[IPv6Address, IPv6Address]]:
    """Yield the first and last address of each stretch that no block begins or ends in."""
    for whole in EVERYWHERE:
        own = [each for each in blocks if each.version == whole.version]
        first, last = int(whole.network_address), int(whole.broadcast_address)
        starts = sorted(
            {first}
            | {int(each.network_address) for each in own}
            | {int(each.broadcast_address) + 1 for each in own if int(each.broadcast_address) < last}
        )
        for start, following in zip(starts, [*starts[1:], last + 1], strict=True):
            if whole.version == 4:  # noqa: PLR2004 - the version of IP
                yield IPv4Address(start), IPv4Address(following - 1)
            else:
                yield IPv6Address(start), IPv6Address(following - 1)
