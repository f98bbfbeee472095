"""Step 2, domain: the custom domain names that lead here, and what they ask for."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, listed
from auditor.dataflow.surroundings import Surroundings
from auditor.model.flow import Door
from auditor.model.step import Domain, Effect, StepFact, StepState

_SOURCE = "apigateway:GetDomainNames item[] with mappings and routing rules"


def _say(passage: Passage, _around: Surroundings) -> Said:
    named = [each for each in passage.doors if each.kind == "domain"]
    facts = tuple(_door(each) for each in named)
    if not passage.doors_complete:
        seen = f"; seen: {listed([_host(each) for each in named])}" if named else ""
        return Said(
            StepState.NOT_READ, f"Whether further domain names lead here was not read{seen}.", Effect.UNKNOWN, facts
        )
    if not named:
        return Said(StepState.ABSENT, "No custom domain name leads here.", Effect.PASS)
    secured = [each for each in named if each.mutual_tls]
    unknown = any(each.mutual_tls is None for each in named)
    sentence = f"Custom domain names lead here: {listed([_host(each) for each in named])}"
    if len(secured) == len(named):
        sentence += "; they ask for a client certificate"
    elif unknown:
        sentence += f"; whether {'all of them ask' if named[1:] else 'it asks'} for a client certificate was not read"
    elif secured:
        sentence += f"; {len(secured)} of {len(named)} ask for a client certificate"
    refusals = ("403 by the TLS handshake",) if secured else ()
    effect = Effect.CHECK if secured else Effect.UNKNOWN if unknown else Effect.PASS
    return Said(StepState.SET, f"{sentence}.", effect, facts, refusals)


def _door(door: Door) -> StepFact:
    state = StepState.NOT_READ if door.mutual_tls is None else StepState.SET
    return StepFact(door.url, _words(door), state, _SOURCE)


def _host(door: Door) -> str:
    return door.url.partition("://")[2].partition("/")[0]


def _words(door: Door) -> str:
    tls = {True: "client certificate", False: "no client certificate", None: "client certificate not known"}
    return tls[door.mutual_tls] + (f", if {door.when}" if door.when else "")


STEP = StepModule(2, Domain.ROUTING, "domain", _say, lambda _passage: None)
