"""Two quarters of the sample company: what stands at the end of each, and what the auditor is not allowed to read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import time_machine

from auditor.demo.company import AMERICA, PRODUCTION
from auditor.demo.company.callers import Callers
from auditor.demo.company.clients import Names
from auditor.demo.company.doors import Doors
from auditor.demo.company.estate import Estate
from auditor.demo.company.keys import Keys
from auditor.demo.company.people import People
from auditor.demo.company.platform import Platform
from auditor.demo.simulation import Simulation


@dataclass(frozen=True)
class Quarter:
    """The end of an audit period."""

    period: str
    as_of: datetime


QUARTERS = (
    Quarter("2026-Q2", datetime(2026, 6, 30, 22, 5, 12, tzinfo=UTC)),
    Quarter("2026-Q3", datetime(2026, 9, 30, 22, 5, 12, tzinfo=UTC)),
)


class Story:
    """The company over time, on one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        """Take the simulation; nothing is built."""
        self._simulation = simulation
        self._estate = Estate(simulation.endpoint)
        self._keys = Keys(self._estate, simulation.supplements)
        self._people = People(self._estate, simulation.supplements)
        self._platform = Platform(self._estate, simulation.supplements)
        self._doors = Doors(self._estate, simulation.supplements)
        self._callers = Callers(self._estate)

    @property
    def names(self) -> Names:
        """ARNs by the names that the company's registers need."""
        return self._estate.names

    def play(self, quarter: Quarter) -> None:
        """Bring the company to the end of a quarter."""
        if quarter == QUARTERS[0]:
            with time_machine.travel(quarter.as_of - timedelta(days=120), tick=False):
                self._estate.build()
                self._estate.settle()
            self._keys.build(quarter.as_of)
            self._people.build(quarter.as_of)
            with time_machine.travel(quarter.as_of - timedelta(days=100), tick=False):
                self._platform.build()
            self._doors.build(quarter.as_of)
            self._callers.build(quarter.as_of)
            return
        with time_machine.travel(quarter.as_of - timedelta(days=25), tick=False):
            self._estate.third_quarter()
            self._estate.settle()
            self._platform.third_quarter()
        self._keys.third_quarter(quarter.as_of)
        self._people.third_quarter(quarter.as_of)
        # A tightened permission boundary took one right away, in one region.
        self._simulation.deny("kms:ListKeys", region=AMERICA, account=PRODUCTION)

    def close(self) -> None:
        """Close every connection."""
        self._estate.close()


@contextmanager
def travelling(quarter: Quarter) -> Iterator[None]:
    """Set the process's clock to the end of the quarter; it stands still, so that two demos give the same findings."""
    with time_machine.travel(quarter.as_of, tick=False):
        yield
