"""Custom domain names with mappings of both API versions and routing rules, and the associations of private ones."""

from collections.abc import Mapping
from typing import Any

from auditor.model.doors import DomainNameAccessAssociation
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.gateway import ApiMapping, DomainName
from auditor.normalize.facts import Members
from auditor.normalize.gateway.routing_rules import RULES, rules
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_DOMAINS = "apigateway:GetDomainNames"
_DOMAINS_V2 = "apigatewayv2:GetDomainNames"
_BASE_PATHS = "apigateway:GetBasePathMappings"
_MAPPINGS = "apigatewayv2:GetApiMappings"
_ASSOCIATIONS = "apigateway:GetDomainNameAccessAssociations"
_ROOT_PATH = "(none)"
"""How REST API management writes the empty base path."""
_ELSEWHERE = NotApplicable(why="the domain name is another account's, and so is where it leads")
_OTHERS = "OTHER_ACCOUNTS"


def normalize(read: Reading) -> None:
    """Add every domain name of the shard, this account's own and those shared with it, and every association."""
    older = {_named(each): each for each in _of_owner(read, _DOMAINS, is_ours=True)}
    newer = {_named(each): each for each in read.records(_DOMAINS_V2, "items")}
    for name in sorted({*older, *newer}):
        found = older.get(name) or newer[name]
        _own(read, name, found)
    for each in _of_owner(read, _DOMAINS, is_ours=False):
        _shared(read, each)
    for is_ours in (True, False):
        for each in _of_owner(read, _ASSOCIATIONS, is_ours=is_ours):
            _association(read, each, is_ours=is_ours)


def _of_owner(read: Reading, operation: str, *, is_ours: bool) -> list[Found]:
    """Return the records of pages that were asked for one resource owner; without one, AWS answers with one's own."""
    return [
        Found(record, operation, (each.page.sha256,))
        for each in read.reads(operation)
        if (each.page.parameters.get("resourceOwner") != _OTHERS) is is_ours
        for record in each.body.get("item") or ()
        if isinstance(record, Mapping)
    ]


def _named(found: Found) -> str:
    """Return a domain name, with its id where it is private: several private domains may share a name."""
    name, private_id = found.record.get("domainName"), found.record.get("domainNameId")
    return f"{name}+{private_id}" if private_id else str(name)


def _own(read: Reading, name: str, found: Found) -> None:
    """Add a domain name of this account. The older side tells more; edge-optimised and private ones stand only there."""
    arn = read.arn(f"/domainnames/{name}")
    domain_name, _, private_id = name.partition("+")
    asked = {"domainName": domain_name, **({"domainNameId": private_id} if private_id else {})}
    facts: dict[str, Any] = {
        "mappings": _mappings(read, asked, arn),
        "routing_rules": rules(read, arn, domain_name, private_id, found.record.get("routingMode")),
        "owner_account": Absent(),
    }
    pages = [
        *read.pages_of(_BASE_PATHS, **asked),
        *(() if private_id else read.pages_of(_MAPPINGS, DomainName=domain_name)),
        *read.pages_of(RULES, DomainName=domain_name),
    ]
    _add(read, found, arn, facts, pages)


def _shared(read: Reading, found: Found) -> None:
    """Add a domain name that another account shares: that it is there is known, where it leads is not ours to read."""
    arn = str(found.record.get("domainNameArn") or read.arn(f"/domainnames/{_named(found)}"))
    owner = arn.split(":")[4] if arn.count(":") > 4 else ""  # noqa: PLR2004 - the account's place in an ARN
    about = Members(read, _DOMAINS, arn, {"owner": owner or None})
    facts: dict[str, Any] = {
        "mappings": _ELSEWHERE,
        "routing_rules": _ELSEWHERE,
        "owner_account": about.text("owner") if owner else _unnamed_owner(read, arn),
    }
    _add(read, found, arn, facts, [])


def _unnamed_owner(read: Reading, arn: str) -> Fact[str]:
    return Unread(gap=read.broken(_DOMAINS, arn, "domainNameArn names no account"))


def _add(read: Reading, found: Found, arn: str, facts: Mapping[str, Any], pages: list[str]) -> None:
    is_older = found.operation == _DOMAINS
    record = found.record if is_older else _first_configuration(found.record)
    about = Members(read, found.operation, arn, record)
    # The newer API version does not tell these: without the older list nobody knows them.
    alone = about if is_older else Members(read, _DOMAINS, arn, record, read.gap(_DOMAINS, None))
    endpoint, tls = about.inner("endpointConfiguration"), about.inner("mutualTlsAuthentication")
    domain = DomainName(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=_named(found),
        tags=about.tags(),
        domain=str(found.record.get("domainName")),
        endpoint_types=endpoint.texts("types"),
        ip_address_type=endpoint.text("ipAddressType"),
        security_policy=about.text("securityPolicy"),
        mutual_tls_truststore=tls.text("truststoreUri"),
        mutual_tls_truststore_version=tls.text("truststoreVersion"),
        routing_mode=about.text("routingMode"),
        status=about.text("domainNameStatus"),
        endpoint_access_mode=alone.text("endpointAccessMode"),
        policy=alone.policy("policy"),
        management_policy=alone.policy("managementPolicy"),
        edge_certificate=about.text("certificateArn"),
        regional_certificate=about.text("regionalCertificateArn"),
        ownership_certificate=about.text("ownershipVerificationCertificateArn"),
        **facts,
    )
    volatile = {
        "domainNameStatusMessage": record.get("domainNameStatusMessage"),
        "mutualTlsAuthenticationWarnings": _warnings(record),
    }
    read.add(domain, [*found.pages, *pages], volatile)


def _first_configuration(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a v2 domain name in the shape of a v1 one."""
    configurations = record.get("domainNameConfigurations")
    listed = configurations if isinstance(configurations, list) else []
    first = next((each for each in listed if isinstance(each, dict)), {})
    endpoint = {"types": [first["endpointType"]]} if "endpointType" in first else {}
    certificate = "certificateArn" if first.get("endpointType") == "EDGE" else "regionalCertificateArn"
    return {
        **{name: record.get(name) for name in ("tags", "mutualTlsAuthentication", "routingMode")},
        **{
            name: first.get(name)
            for name in (
                "securityPolicy",
                "domainNameStatus",
                "domainNameStatusMessage",
                "ownershipVerificationCertificateArn",
            )
        },
        certificate: first.get("certificateArn"),
        "endpointConfiguration": {**endpoint, "ipAddressType": first.get("ipAddressType")},
    }


def _warnings(record: Mapping[str, Any]) -> Any:
    given = record.get("mutualTlsAuthentication")
    return given.get("truststoreWarnings") if isinstance(given, dict) else None


def _mappings(read: Reading, asked: dict[str, str], arn: str) -> Fact[tuple[ApiMapping, ...]]:
    """Return where the domain's mappings lead: both lists together; either's gap hides the answer."""
    gap = (
        read.gap(_BASE_PATHS, arn)
        or read.gap(_MAPPINGS, arn)
        or read.gap(_DOMAINS, None)
        or read.gap(_DOMAINS_V2, None)
    )
    if gap is not None:
        return Unread(gap=gap)
    older = [(each.record, "basePath", "restApiId") for each in read.records(_BASE_PATHS, "item", **asked)]
    is_private = "domainNameId" in asked
    listed = () if is_private else read.records(_MAPPINGS, "items", DomainName=asked["domainName"])
    newer = [(each.record, "apiMappingKey", "apiId") for each in listed]
    found = {
        (_path(record.get(path)), str(record.get(api) or ""), str(record.get("stage") or ""))
        for record, path, api in (*older, *newer)
    }
    return Present(value=tuple(ApiMapping(path=path, api_id=api, stage=stage) for path, api, stage in sorted(found)))


def _path(value: Any) -> str:
    return "" if value in (None, _ROOT_PATH) else str(value)


def _association(read: Reading, found: Found, *, is_ours: bool) -> None:
    arn = str(found.record.get("domainNameAccessAssociationArn", ""))
    about = Members(read, _ASSOCIATIONS, arn, found.record)
    association = DomainNameAccessAssociation(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=arn.partition("/domainnameaccessassociations/")[2] or arn,
        tags=about.tags(),
        domain_arn=about.text("domainNameArn"),
        source_type=about.text("accessAssociationSourceType"),
        source=about.text("accessAssociationSource"),
        of_another_account=not is_ours,
    )
    read.add(association, found.pages)


_GATEWAY = "arn:{partition}:apigateway:{region}::"

NORMALIZER = Normalizer(
    "apigateway",
    normalize,
    lists=(
        ListCall(_DOMAINS, "DomainName", "item"),
        ListCall(_DOMAINS_V2, "DomainName", "items"),
        ListCall(_BASE_PATHS, "ApiMapping", "item", _GATEWAY + "/domainnames/{domainName}"),
        ListCall(_MAPPINGS, "ApiMapping", "items", _GATEWAY + "/domainnames/{DomainName}"),
        ListCall(RULES, "RoutingRule", "routingRules", _GATEWAY + "/domainnames/{DomainName}"),
        ListCall(_ASSOCIATIONS, "DomainNameAccessAssociation", "item"),
    ),
)
