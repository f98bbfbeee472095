"""no-secrets-in-configuration: stage variables, mappings and templates hold no secret, and no switch that nobody registered.

Claim: nothing that the collection recognised as a secret stands in them, nothing looks like one, and each target that a stage
variable chooses is in the register of back ends. Population: every stage, for its variables, and every deployed route, for its
mappings, templates and target. Deviation: a digest where a secret was found; a variable named as one; a target chosen by a variable
that the register does not name. Cannot see: values of stage variables that are no target: they are never kept, so a person must look.

A value that was taken out tells that a secret stood there: in mappings, templates and targets the collection takes out nothing else.
Of stage variables it takes out all that is no target, so there the name must speak.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from auditor.checks.back_ends import declared, entry, hidden_variable, integration_of
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    passed,
    undecided,
)
from auditor.checks.literals import Literal, literals_of
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.route_parts import Integration, IntegrationResponse
from auditor.model.words import several

_NAMED = re.compile(
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|api_?key|access_?key|private_?key|secret_?key|client_?secret)"
    r"[0-9]*$",
    re.IGNORECASE,
)
"""What a name that ends like this holds is a secret; `tokenUrl` and `secretArn` hold none."""


def _test(item: ResourceItem[Stage | DeployedRoute], estate: Estate, _params: Params) -> Outcome:
    return _stage(item.of) if isinstance(item.of, Stage) else _route(item.of, estate)


def _stage(stage: Stage) -> Outcome:
    digests = need(stage.variable_digests) or {}
    secret = next((name for name in sorted(digests) if _NAMED.search(name)), None)
    if secret is not None:
        return failed(
            f"stage variable {secret} is named as a secret and has a value: {digests[secret]}",
            variable=secret,
            digest=digests[secret],
        )
    overrides = _hidden_overrides(stage)
    secret = next((name for name in sorted(overrides) if _NAMED.search(name)), None)
    if secret is not None:
        return failed(f"the canary's stage variable {secret} is named as a secret and has a value", variable=secret)
    hidden = sorted({*digests, *overrides})
    if hidden:
        named = several(hidden)
        return needs_attestation(
            f"values that are no target are never kept; look at them and say that they are no secret: {named}",
            variables=[*hidden],
        )
    return passed(
        "the stage's variables are targets alone" if need(stage.variable_values) else "the stage has no variables"
    )


def _hidden_overrides(stage: Stage) -> set[str]:
    """Return the canary's stage variables whose values were not kept."""
    names = need(stage.canary_variable_names)
    kept = need(stage.canary_variable_values)
    return set(names or ()) - set(kept or {})


def _population(estate: Estate) -> Iterable[ResourceItem[Stage | DeployedRoute]]:
    both: Iterator[Stage | DeployedRoute] = chain(estate.of(Stage), estate.of(DeployedRoute))
    return items(both)


def _route(route: DeployedRoute, estate: Estate) -> Outcome:
    written = need(route.integration)
    if written is None:
        return passed("the route has no integration, and so no mapping, template or target")
    found = tuple(literals_of(written, _responses(route)))
    secret = next((each for each in found if each.digests), None)
    if secret is not None:
        return failed(
            f"a secret stood in {secret.place}: {secret.digests[0]}",
            place=secret.place,
            digests=[*secret.digests],
        )
    need(route.integration_responses)
    chosen = _chosen(route, written, estate)
    if chosen is not None:
        return chosen
    random = next((each for each in found if each.looks_random), None)
    return _looks(random) if random is not None else passed(_clean(written))


def _responses(route: DeployedRoute) -> tuple[IntegrationResponse, ...]:
    """Return what is known of a route's answers: a secret in the request settles it, whatever else was not read."""
    fact = route.integration_responses
    return fact.value if isinstance(fact, Present) else ()


def _chosen(route: DeployedRoute, written: Integration, estate: Estate) -> Outcome | None:
    """Judge a target that a stage variable chooses; None where none does, or where what it chooses is registered."""
    hidden = hidden_variable(written)
    if hidden is None:
        return None
    found = integration_of(route, estate)
    if found is None or hidden_variable(found) is not None:
        return undecided(f"stage variable {hidden} chooses the target, and its value was not kept", variable=hidden)
    target = found.uri or found.target or ""
    if estate.registers.backends is None:
        return needs_attestation(
            f"stage variable {hidden} chooses the target, without a deployment; register what it chooses: {entry(found)}",
            variable=hidden,
            target=target,
        )
    if declared(found, estate.registers.backends) is None:
        return failed(
            f"stage variable {hidden} chooses a target that the register of back ends does not name",
            variable=hidden,
            target=target,
        )
    return None


def _looks(literal: Literal) -> Outcome:
    return needs_attestation(
        f"possible: a text in {literal.place} looks as random as a secret; look at it and say that it is none",
        place=literal.place,
    )


def _clean(written: Integration) -> str:
    chooser = hidden_variable(written)
    if chooser is not None:
        return f"no secret is written out, and what stage variable {chooser} chooses is registered"
    return "no secret is written out in mappings, templates or the target"


CHECK = Check(
    name="no-secrets-in-configuration",
    reads=("Stage", "DeployedRoute"),
    params=Params,
    population=_population,
    test=_test,
    registers=("backends",),
)
