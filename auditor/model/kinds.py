"""All kinds of resources, as one union that reads and writes a line of a shard."""

from typing import Annotated, get_args

from pydantic import Field, TypeAdapter

from auditor.model.gateway import (
    Api,
    ApiKey,
    Authorizer,
    DeliveryStream,
    DeployedRoute,
    Deployment,
    DomainName,
    GatewayAccount,
    LogGroup,
    Method,
    RestApi,
    Route,
    Stage,
    UsagePlan,
)
from auditor.model.iam import AccessKey, AccountSettings, Group, ManagedPolicy, Role, User
from auditor.model.keys import KmsKey, Secret

AnyResource = (
    AccessKey
    | AccountSettings
    | Api
    | ApiKey
    | Authorizer
    | DeliveryStream
    | DeployedRoute
    | Deployment
    | DomainName
    | GatewayAccount
    | Group
    | KmsKey
    | LogGroup
    | ManagedPolicy
    | Method
    | RestApi
    | Role
    | Route
    | Secret
    | Stage
    | UsagePlan
    | User
)

RESOURCE_LINE: TypeAdapter[AnyResource] = TypeAdapter(Annotated[AnyResource, Field(discriminator="kind")])
"""Validates one line of a resources object."""


def cloudformation(kind: str) -> str:
    """Return CloudFormation's type name of a kind."""
    return next(str(each.cloudformation) for each in get_args(AnyResource) if each.__name__ == kind)
