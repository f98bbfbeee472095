"""Identity roots: the places that can create a caller whom an authorizer lets in.

A user pool named by its ARN and by its issuer URL is one root; so are the versions and aliases of a function.
"""

import re

from auditor.dataflow.functions import function_arn, unqualified
from auditor.model.route_parts import AuthorizerDefinition

AWS_IAM = "AWS_IAM"
"""The root of routes that ask for AWS signatures, named as the authorization type is."""

_POOL = re.compile(r"arn:(?P<partition>[^:]+):cognito-idp:(?P<region>[^:]+):[^:]*:userpool/(?P<pool>.+)")


def roots_of(definition: AuthorizerDefinition) -> tuple[str, ...]:
    """Return the roots behind an authorizer, sorted, each once; empty where it names none."""
    named = [*definition.provider_arns, *(each.issuer for each in definition.issuers)]
    if definition.function_uri:
        named.append(definition.function_uri)
    return tuple(sorted({root(each) for each in named}))


def root(named: str) -> str:
    """Return the one way to write a root: user pools by issuer URL, functions by ARN without version or alias."""
    arn = function_arn(named)
    if arn is not None:
        return unqualified(arn)
    return issuer_url(named)


def issuer_url(issuer: str) -> str:
    """Return the one way to write an issuer: the URL of a user pool, no slash at the end."""
    found = _POOL.fullmatch(issuer)
    if found is not None:
        suffix = "amazonaws.com.cn" if found["partition"] == "aws-cn" else "amazonaws.com"
        return f"https://cognito-idp.{found['region']}.{suffix}/{found['pool']}"
    return issuer.rstrip("/")


def is_function(of_root: str) -> bool:
    """Return whether a root is a function: what it takes for an identity stands in its code."""
    return ":lambda:" in of_root


def is_variable(of_root: str) -> bool:
    """Return whether a stage variable decides which function it is."""
    return "${" in of_root
