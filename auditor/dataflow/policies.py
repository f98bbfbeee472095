"""Which resource policy is in effect on a stage: a policy that was edited and not deployed is not."""

import json

from auditor.model.doors import StageExport
from auditor.model.fact import Absent, Fact, Present, Unread
from auditor.model.gateway import DeployedRoute, RestApi

_OWN = "execute-api:/"


def effective_policy(route: DeployedRoute, api: RestApi, export: StageExport | None) -> Fact[str]:
    """Return the policy that decides about calls of a route.

    The deployed one where the stage's export carries it (extension `x-amazon-apigateway-policy`). Where it carries none, that says
    nothing, for this was never tried on a live account: then the working copy's stands in. Where the export was not read, neither
    was the policy that it may carry. A canary has no export.
    """
    if export is not None and isinstance(export.policy, Present | Unread) and "#canary/" not in route.arn:
        return export.policy
    return api.policy


def policies_differ(route: DeployedRoute, api: RestApi, export: StageExport | None) -> bool | None:
    """Return whether the working copy's policy is another one than the deployed one; None where nobody can tell."""
    deployed = Absent() if export is None else export.policy
    if isinstance(deployed, Unread) or isinstance(api.policy, Unread) or "#canary/" in route.arn:
        return None
    if not isinstance(deployed, Present):
        return None if isinstance(api.policy, Present) else False
    return not isinstance(api.policy, Present) or _own(deployed.value, route) != _own(api.policy.value, route)


def _own(policy: str, route: DeployedRoute) -> object:
    """Return a policy with this API's resources written the short way: `execute-api:/*` stands for the whole ARN of the API."""
    head = route.arn.partition("/")[0]
    return json.loads(policy.replace(f"{head}/", _OWN))
