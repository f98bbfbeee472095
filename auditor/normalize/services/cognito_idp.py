"""cognito-idp's pools, resource servers and identity providers; clients stand in their own module."""

from collections.abc import Mapping
from typing import Any

from auditor.model.cognito import UserPool, UserPoolIdentityProvider, UserPoolResourceServer
from auditor.model.fact import Fact, NotApplicable
from auditor.normalize.facts import Members, flag, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Read, Reading

_POOLS = "cognito-idp:ListUserPools"
_POOL = "cognito-idp:DescribeUserPool"
_SERVERS = "cognito-idp:ListResourceServers"
_PROVIDERS = "cognito-idp:ListIdentityProviders"
_PROVIDER = "cognito-idp:DescribeIdentityProvider"
POOL_ARN = "arn:{partition}:cognito-idp:{region}:{account}:userpool/{UserPoolId}"
NO_TAGS = NotApplicable(why="carries no tags of its own")


def normalize(read: Reading) -> None:
    """Add the pools of a region with their resource servers and identity providers."""
    for found in read.records(_POOLS, "UserPools"):
        _pool(read, found)
    for each in read.reads(_SERVERS):
        for record in each.body.get("ResourceServers") or ():
            _server(read, each, record)
    for each in read.reads(_PROVIDERS):
        for record in each.body.get("Providers") or ():
            _provider(read, each, record)


def pool_arn(read: Reading, pool: object) -> str:
    """Return the ARN of a pool."""
    place = {"partition": read.partition, "region": read.key.region, "account": read.key.account}
    return POOL_ARN.format_map({**place, "UserPoolId": str(pool)})


def place(read: Reading, arn: str, name: object, tags: Fact[dict[str, str]] = NO_TAGS) -> dict[str, Any]:
    """Return what every resource of a pool says first."""
    return {"account": read.key.account, "region": read.key.region, "arn": arn, "name": str(name), "tags": tags}


def _pool(read: Reading, found: Found) -> None:
    pool = str(found.record["Id"])
    arn = pool_arn(read, pool)
    described = read.reads(_POOL, UserPoolId=pool)
    inner = described[0].body.get("UserPool") if described else None
    about = Members(read, _POOL, arn, inner, read.gap(_POOL, arn))
    registration = about.inner("DcrConfiguration")
    user_pool = UserPool(
        **place(read, arn, found.record.get("Name", pool), about.tags("UserPoolTags")),
        pool_id=pool,
        admin_create_user_only=about.inner("AdminCreateUserConfig").flag("AllowAdminCreateUserOnly"),
        dynamic_registration=registration.text("EnableStatus"),
        open_dynamic_registration=registration.flag("OpenDcrEnabled"),
        mfa=about.text("MfaConfiguration"),
        tier=about.text("UserPoolTier"),
        threat_protection=about.inner("UserPoolAddOns").text("AdvancedSecurityMode"),
        deletion_protection=about.text("DeletionProtection"),
        username_attributes=about.texts("UsernameAttributes"),
        alias_attributes=about.texts("AliasAttributes"),
        mutable_attributes=about.take("SchemaAttributes", _mutable),
        triggers=about.take("LambdaConfig", _triggers),
        domain=about.text("Domain"),
        custom_domain=about.text("CustomDomain"),
        created=about.moment("CreationDate"),
    )
    count = inner.get("EstimatedNumberOfUsers") if isinstance(inner, Mapping) else None
    read.add(user_pool, [*found.pages, *read.pages_of(_POOL, UserPoolId=pool)], {"EstimatedNumberOfUsers": count})


def _mutable(value: Any) -> tuple[str, ...]:
    return tuple(sorted(text(each["Name"]) for each in value if flag(each["Mutable"])))


def _triggers(value: Any) -> dict[str, str]:
    """Return the function of each trigger; the newer form is a structure with its ARN."""
    found = {name: each["LambdaArn"] if isinstance(each, Mapping) else each for name, each in value.items()}
    return {name: text(found[name]) for name in sorted(found) if name != "KMSKeyID"}


def _server(read: Reading, each: Read, record: Mapping[str, Any]) -> None:
    parent = pool_arn(read, each.page.parameters["UserPoolId"])
    identifier = str(record["Identifier"])
    arn = f"{parent}#resource-server/{identifier}"
    about = Members(read, _SERVERS, arn, record)
    scopes = about.take("Scopes", lambda value: tuple(sorted(f"{identifier}/{text(s['ScopeName'])}" for s in value)))
    server = UserPoolResourceServer(
        **place(read, arn, record.get("Name", identifier)), pool_arn=parent, identifier=identifier, scopes=scopes
    )
    read.add(server, [each.page.sha256])


def _provider(read: Reading, each: Read, record: Mapping[str, Any]) -> None:
    pool, name = str(each.page.parameters["UserPoolId"]), str(record["ProviderName"])
    parent = pool_arn(read, pool)
    arn = f"{parent}#identity-provider/{name}"
    described = read.reads(_PROVIDER, UserPoolId=pool, ProviderName=name)
    inner = described[0].body.get("IdentityProvider") if described else None
    about = Members(read, _PROVIDER, arn, inner, read.gap(_PROVIDER, arn))
    provider = UserPoolIdentityProvider(
        **place(read, arn, name),
        pool_arn=parent,
        provider_type=about.text("ProviderType"),
        attribute_mapping=about.take("AttributeMapping", _texts_by_name),
        details=about.take("ProviderDetails", _texts_by_name),
        identifiers=about.texts("IdpIdentifiers"),
        last_modified=about.moment("LastModifiedDate"),
        created=about.moment("CreationDate"),
    )
    read.add(provider, [each.page.sha256, *read.pages_of(_PROVIDER, UserPoolId=pool, ProviderName=name)])


def _texts_by_name(value: Any) -> dict[str, str]:
    return {text(name): text(value[name]) for name in sorted(value)}


NORMALIZER = Normalizer(
    "cognito-idp",
    normalize,
    lists=(
        ListCall(_POOLS, "UserPool", "UserPools"),
        ListCall(_SERVERS, "UserPoolResourceServer", "ResourceServers", POOL_ARN),
        ListCall(_PROVIDERS, "UserPoolIdentityProvider", "Providers", POOL_ARN),
    ),
)
