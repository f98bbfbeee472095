"""What is known of the domain names of an estate, for rules about doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from auditor.dataflow.ways import needed_ways
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError
from auditor.model.gateway import DeployedRoute, DomainName
from auditor.model.snapshot import Gap

_Place = tuple[str, str]
"""Account and region."""


@dataclass(frozen=True)
class Entrances:
    """The domain names of an estate, indexed."""

    estate: Estate
    _gaps: dict[_Place, Gap | None] = field(default_factory=dict)
    """What was worked out already: a place is asked about once a route."""

    def domain(self, route: DeployedRoute, name: str) -> DomainName | None:
        """Return the custom domain name by which a route is reached."""
        return self._domains.get((route.account, route.region, name))

    @cached_property
    def _domains(self) -> Mapping[tuple[str, str, str], DomainName]:
        return {(each.account, each.region, each.domain): each for each in self.estate.of(DomainName)}

    @cached_property
    def behind_cdn(self) -> Mapping[str, bool | None]:
        """Return what management declared of domain names: whether a CDN with a WAF stands before them."""
        return {each.domain.lower(): each.behind_cdn for each in self.estate.registers.domains or ()}

    def hidden(self, route: DeployedRoute) -> Gap | None:
        """Return a gap behind which a domain name, a mapping or a rule may hide that leads to a route."""
        place = (route.account, route.region)
        if place not in self._gaps:
            self._gaps[place] = self._hidden(place)
        return self._gaps[place]

    def _hidden(self, place: _Place) -> Gap | None:
        try:
            self.estate.whole(DomainName, *place)
            for each in self.estate.of(DomainName):
                if (each.account, each.region) == place:
                    needed_ways(each)
        except NotReadError as not_read:
            return not_read.gap
        return None
