"""What a change of one member does to who may do what. A member that is not listed here does not touch access."""

from collections.abc import Callable, Iterable, Mapping

from pydantic import JsonValue

from auditor.access.atoms import Grant, is_covered
from auditor.access.policy import Effect
from auditor.model.diff import AccessChange

Rule = Callable[[JsonValue, JsonValue], AccessChange]


def joined(changes: Iterable[AccessChange]) -> AccessChange:
    """Return what several changes do together."""
    found = set(changes) - {AccessChange.NONE}
    if {AccessChange.WIDENED, AccessChange.NARROWED} <= found:
        return AccessChange.BOTH
    for change in (AccessChange.BOTH, AccessChange.UNKNOWN, AccessChange.WIDENED, AccessChange.NARROWED):
        if change in found:
            return change
    return AccessChange.NONE


def by_grants(old: frozenset[Grant], new: frozenset[Grant]) -> AccessChange:
    """Return what the difference of two policies does; a grant that a wider one already gives changes nothing.

    Statements that are kept whole may give or take the same: where one moves, nobody knows.
    """
    gained, lost = new - old, old - new
    if any(each.whole for each in gained | lost):
        return AccessChange.UNKNOWN
    changes = {
        AccessChange.WIDENED if each.effect is Effect.ALLOW else AccessChange.NARROWED
        for each in gained
        if not is_covered(each, old)
    } | {
        AccessChange.NARROWED if each.effect is Effect.ALLOW else AccessChange.WIDENED
        for each in lost
        if not is_covered(each, new)
    }
    return joined(changes)


def rule_for(kind: str, field: str) -> Rule:
    """Return the rule for a member of a kind of resource."""
    return _RULES.get((kind, field)) or _RULES.get(("", field)) or _none


def _none(_old: JsonValue, _new: JsonValue) -> AccessChange:
    return AccessChange.NONE


def _unknown(_old: JsonValue, _new: JsonValue) -> AccessChange:
    return AccessChange.UNKNOWN


def _replaced(old: JsonValue, new: JsonValue) -> AccessChange:
    """Judge an authorizer: one for another is not known; that one came or went is the authorization type's to say."""
    return AccessChange.UNKNOWN if old and new else AccessChange.NONE


def _gate(old: JsonValue, new: JsonValue) -> AccessChange:
    """Judge a member that stops calls where it is set: true, or any value."""
    if bool(old) == bool(new):
        return AccessChange.UNKNOWN if old and new else AccessChange.NONE
    return AccessChange.NARROWED if new else AccessChange.WIDENED


def _opening(old: JsonValue, new: JsonValue) -> AccessChange:
    """Judge a member that lets someone in where it is set."""
    return {AccessChange.NARROWED: AccessChange.WIDENED, AccessChange.WIDENED: AccessChange.NARROWED}.get(
        _gate(old, new), _gate(old, new)
    )


def _authorization(old: JsonValue, new: JsonValue) -> AccessChange:
    if "NONE" not in {_plain(old), _plain(new)}:
        return AccessChange.UNKNOWN
    return AccessChange.WIDENED if new == "NONE" else AccessChange.NARROWED


def _status(old: JsonValue, new: JsonValue) -> AccessChange:
    return _opening(old == "Active", new == "Active")


def _enabled(old: JsonValue, new: JsonValue) -> AccessChange:
    return _opening(old == "ENABLED", new == "ENABLED")


def _number(old: JsonValue, new: JsonValue) -> AccessChange:
    if not isinstance(old, int) or not isinstance(new, int):
        return AccessChange.UNKNOWN
    return AccessChange.WIDENED if new > old else AccessChange.NARROWED


def _any_of(old: JsonValue, new: JsonValue) -> AccessChange:
    """Judge a list of which each member lets someone in."""
    before, after = _set(old), _set(new)
    changes = [AccessChange.WIDENED] if after - before else []
    return joined([*changes, AccessChange.NARROWED] if before - after else changes)


def _scopes(old: JsonValue, new: JsonValue) -> AccessChange:
    """Judge scopes: one of them is enough, and without any every token passes."""
    return _any_of(old, new) if old and new else _gate(old, new)


def _private(old: JsonValue, new: JsonValue) -> AccessChange:
    return _gate("PRIVATE" in _set(old), "PRIVATE" in _set(new))


def _internal(old: JsonValue, new: JsonValue) -> AccessChange:
    return _gate(old == "internal", new == "internal")


def _set(value: JsonValue) -> set[str]:
    return {str(each) for each in value} if isinstance(value, list) else set()


def _plain(value: JsonValue) -> str:
    return str(value)


_RULES: Mapping[tuple[str, str], Rule] = {
    ("DeployedRoute", "authorization_type"): _authorization,
    ("DeployedRoute", "authorizer"): _replaced,
    ("DeployedRoute", "authorization_scopes"): _scopes,
    ("DeployedRoute", "api_key_required"): _gate,
    ("DeployedRoute", "view"): _unknown,
    ("Authorizer", "definition"): _unknown,
    ("RestApi", "endpoint_types"): _private,
    ("RestApi", "vpc_endpoint_ids"): _unknown,
    ("RestApi", "api_key_source"): _unknown,
    ("", "disable_execute_api_endpoint"): _gate,
    ("Stage", "web_acl_arn"): _gate,
    ("DomainName", "mutual_tls_truststore"): _gate,
    ("DomainName", "endpoint_types"): _private,
    ("DomainName", "mappings"): _unknown,
    ("DomainName", "routing_mode"): _unknown,
    ("DomainName", "routing_rules"): _unknown,
    ("Portal", "authorization"): _authorization,
    ("VpcEndpoint", "security_groups"): _unknown,
    ("LoadBalancer", "scheme"): _internal,
    ("LoadBalancer", "security_groups"): _unknown,
    ("LoadBalancer", "private_link_rules"): _unknown,
    ("UsagePlan", "api_stages"): _any_of,
    ("UsagePlan", "key_ids"): _any_of,
    ("ApiKey", "enabled"): _opening,
    ("AccessKey", "status"): _status,
    ("User", "password_enabled"): _opening,
    ("User", "groups"): _unknown,
    ("User", "tags"): _unknown,
    ("Role", "tags"): _unknown,
    ("", "permissions_boundary"): _gate,
    ("RootUser", "access_keys"): _number,
    ("RootUser", "password_present"): _opening,
    ("ServiceSpecificCredential", "status"): _status,
    ("SamlProvider", "metadata"): _unknown,
    ("SamlProvider", "uuid"): _unknown,
    ("OidcProvider", "url"): _unknown,
    ("OidcProvider", "client_ids"): _any_of,
    ("OidcProvider", "thumbprints"): _unknown,
    ("KmsKey", "state"): _unknown,
    ("IdentityCenterUser", "status"): _enabled,
    ("PermissionSet", "customer_policies"): _unknown,
    ("OrganizationPolicy", "targets"): _unknown,
    ("OrganizationAccount", "above"): _unknown,
    ("Organization", "enabled_policy_types"): _unknown,
    ("UserPool", "admin_create_user_only"): _gate,
    ("UserPool", "open_dynamic_registration"): _opening,
    ("UserPool", "dynamic_registration"): _unknown,
    ("UserPool", "triggers"): _unknown,
    ("UserPoolClient", "oauth_flows"): _any_of,
    ("UserPoolClient", "oauth_scopes"): _any_of,
    ("UserPoolClient", "sign_in_flows"): _any_of,
    ("AgentGateway", "authorizer_type"): _authorization,
    ("AgentGateway", "discovery_url"): _unknown,
    ("AgentGateway", "allowed_audiences"): _scopes,
    ("AgentGateway", "allowed_clients"): _scopes,
    ("AgentGateway", "allowed_scopes"): _scopes,
    ("AgentGateway", "policy_engine"): _gate,
    ("AgentGateway", "policy_engine_mode"): _unknown,
    ("AgentGateway", "web_acl"): _gate,
    ("AgentGateway", "role"): _unknown,
    ("Function", "urls"): _unknown,
    ("WebAcl", "default_action"): _unknown,
    ("WebAcl", "rules"): _unknown,
    ("KmsKey", "grants"): _any_of,
}
