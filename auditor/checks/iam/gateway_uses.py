"""What the gateway uses of an account, by ARN: functions, the roles that they and integrations take, and functions' keys."""

from collections.abc import Iterator

from auditor.dataflow.functions import function_arn, unqualified
from auditor.model.estate import Estate
from auditor.model.fact import Fact, Present
from auditor.model.gateway import Authorizer, DeployedRoute
from auditor.model.platform import Function
from auditor.model.route_parts import AuthorizerDefinition, Integration


def gateway_uses(estate: Estate) -> frozenset[str]:
    """Return the ARNs, as far as they were read: what is not among them may be used all the same."""
    return frozenset(_used(estate))


def is_used(arn: str, used: frozenset[str]) -> bool:
    """Return whether a resource is one of them; a function by whatever version or alias."""
    return arn in used or (function_arn(arn) is not None and unqualified(arn) in used)


def _used(estate: Estate) -> Iterator[str]:
    for function in estate.of(Function):
        yield function.function_arn
        yield from _told(function.role)
        yield from _told(function.kms_key)
    for authorizer in estate.of(Authorizer):
        if isinstance(authorizer.definition, Present):
            yield from _of_authorizer(authorizer.definition.value)
    for route in estate.of(DeployedRoute):
        if isinstance(route.integration, Present):
            yield from _of_integration(route.integration.value)
        if isinstance(route.authorizer, Present):
            yield from _of_authorizer(route.authorizer.value)


def _told(fact: Fact[str]) -> Iterator[str]:
    if isinstance(fact, Present):
        yield fact.value


def _of_integration(integration: Integration) -> Iterator[str]:
    yield from _function(integration.uri)
    if integration.credentials:
        yield integration.credentials


def _of_authorizer(definition: AuthorizerDefinition) -> Iterator[str]:
    yield from _function(definition.function_uri)
    if definition.credentials:
        yield definition.credentials


def _function(uri: str | None) -> Iterator[str]:
    arn = function_arn(uri) if uri else None
    if arn is not None:
        yield unqualified(arn)
