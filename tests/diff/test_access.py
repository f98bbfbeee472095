"""Effective access compared: pairs gained and lost, folded by principal and stage; what one side cannot tell is neither."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from auditor.diff.access import compare_access
from auditor.diff.compare import compare
from auditor.diff.side import Side
from auditor.model.diff import AccessDiff, AccessGroup, CoverageChange
from auditor.model.fact import Absent, Present, Unread
from auditor.model.gateway import DeployedRoute
from auditor.model.iam import InlinePolicy, Role
from auditor.model.resource import Resource
from auditor.render.records import diff_record
from tests.diff.test_compare import ACCOUNT, GLOBAL, REGION, api, document, gap, listing, role, route, side

PETS, TOYS = route("/pets"), route("/toys")
EXECUTE = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc"
ARN = f"arn:aws:iam::{ACCOUNT}:role/r"
NOBODY = Present[str](value="NONE")
NOT_READ = Unread(gap=gap())
READ = (listing("Role", GLOBAL), listing("DeployedRoute"))


def seen(*resources: Resource, **members: Any) -> Side:
    """A side whose lists of roles and routes were read to their end."""
    return side(*resources, **{"listings": READ, **members})


def allowed(resource: str = f"{EXECUTE}/*", condition: Mapping[str, Any] | None = None) -> Role:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource}
    return role(InlinePolicy(name="p", document=document(statement | ({"Condition": condition} if condition else {}))))


def found(old: Side, new: Side) -> AccessDiff:
    access, _ = compare_access(old, new)
    assert access is not None
    return access


def doubts(old: Side, new: Side) -> tuple[CoverageChange, ...]:
    return compare_access(old, new)[1]


def only(groups: tuple[AccessGroup, ...]) -> AccessGroup:
    assert len(groups) == 1, groups
    return groups[0]


def test_a_new_policy_gains_all_routes_of_a_stage_in_one_line_with_its_statement() -> None:
    access = found(seen(api(), PETS, TOYS, role()), seen(api(), PETS, TOYS, allowed()))
    group = only(access.gained)
    assert group.what == "role r gained all 2 routes of API orders, prod"
    assert (group.principal, group.before, group.after) == (ARN, "denied", "allowed")
    assert group.routes == (PETS.arn, TOYS.arn)
    assert group.by == ("identity policy: inline p#1",)
    assert access.lost == ()


def test_the_other_way_round_it_is_lost() -> None:
    access = found(seen(api(), PETS, TOYS, allowed()), seen(api(), PETS, TOYS, role()))
    assert only(access.lost).what == "role r lost all 2 routes of API orders, prod"
    assert only(access.lost).by == ("identity policy: inline p#1",)
    assert access.gained == ()


def test_some_routes_of_a_stage_are_counted() -> None:
    access = found(seen(api(), PETS, TOYS, role()), seen(api(), PETS, TOYS, allowed(f"{EXECUTE}/prod/GET/pets")))
    assert only(access.gained).what == "role r gained 1 route of API orders, prod"


def test_another_way_to_say_the_same_is_no_change() -> None:
    one, other = allowed(f"{EXECUTE}/*"), allowed(f"{EXECUTE}/prod/*")
    assert found(seen(api(), PETS, one), seen(api(), PETS, other)) == AccessDiff()


def test_a_condition_that_falls_away_is_gained_access_and_says_what_it_was() -> None:
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    old, new = seen(api(), PETS, allowed(condition=office)), seen(api(), PETS, allowed())
    assert (
        only(found(old, new).gained).what
        == "role r may call 1 route of API orders, prod in full, before under conditions"
    )
    assert (
        only(found(new, old).lost).what
        == "role r may call 1 route of API orders, prod under conditions, before in full"
    )


def test_a_route_that_asks_nobody_any_more_is_gained_by_anyone_once() -> None:
    old = seen(api(), PETS, allowed())
    new = seen(api(), route("/pets", authorization_type=NOBODY), allowed())
    group = only(found(old, new).gained)
    assert (group.principal, group.what) == ("*", "anyone gained 1 route of API orders, prod")
    assert found(old, new).lost == ()


def test_a_route_that_begins_to_ask_is_lost_by_anyone_and_by_no_one_else() -> None:
    old = seen(api(), route("/pets", authorization_type=NOBODY), allowed())
    new = seen(api(), PETS, allowed())
    assert only(found(old, new).lost).principal == "*"
    assert found(old, new).gained == ()


def test_an_open_route_behind_a_network_is_anyones_under_conditions() -> None:
    office = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    }
    bare = route("/pets", authorization_type=NOBODY)
    old, new = seen(api(policy=Present(value=document(office))), bare), seen(api(), bare)
    assert (
        only(found(old, new).gained).what
        == "anyone may call 1 route of API orders, prod in full, before under conditions"
    )


def test_a_resource_policy_lets_in_any_account_and_each_role_here() -> None:
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    old, new = seen(api(), PETS, role()), seen(api(policy=Present(value=document(everyone))), PETS, role())
    assert [each.what for each in found(old, new).gained] == [
        "any AWS account gained 1 route of API orders, prod, under conditions",
        "role r gained 1 route of API orders, prod",
    ]


def test_an_identity_of_another_account_is_asked_of_both_sides() -> None:
    partner = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::999900001111:role/partner"},
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
    }
    old, new = seen(api(), PETS), seen(api(policy=Present(value=document(partner))), PETS)
    group = only(found(old, new).gained)
    assert group.what == "role partner of 999900001111 gained 1 route of API orders, prod, under conditions"


def test_a_role_that_is_new_gains_and_one_that_was_not_looked_for_does_not() -> None:
    new = seen(api(), PETS, allowed())
    assert only(found(seen(api(), PETS), new).gained).principal == ARN
    unseen = seen(api(), PETS, listings=(listing("DeployedRoute"), listing("Role", GLOBAL, complete=False)))
    assert found(unseen, new) == AccessDiff()
    assert [(each.change, each.what) for each in doubts(unseen, new)] == [
        ("access_known", "whether role r may call 1 route of API orders, prod")
    ]


def test_a_role_that_is_gone_loses_and_one_that_nobody_sees_does_not() -> None:
    old = seen(api(), PETS, allowed())
    assert only(found(old, seen(api(), PETS)).lost).principal == ARN
    unseen = seen(api(), PETS, listings=(listing("DeployedRoute"), listing("Role", GLOBAL, complete=False)))
    assert found(old, unseen) == AccessDiff()
    assert [each.change for each in doubts(old, unseen)] == ["access_unknown"]


def test_a_route_that_is_gone_is_lost_and_one_that_nobody_sees_is_not() -> None:
    old = seen(api(), PETS, TOYS, allowed())
    assert only(found(old, seen(api(), PETS, allowed())).lost).routes == (TOYS.arn,)
    unseen = seen(api(), PETS, allowed(), listings=(listing("Role", GLOBAL), listing("DeployedRoute", complete=False)))
    assert found(old, unseen) == AccessDiff()
    assert doubts(old, unseen)[0].what == "whether role r may call 1 route of API orders, prod"


@pytest.mark.parametrize("member", ["inline_policies", "attached_policy_arns", "permissions_boundary"])
def test_policies_that_are_not_read_any_more_are_no_loss(member: str) -> None:
    old, blind = seen(api(), PETS, allowed()), seen(api(), PETS, allowed().model_copy(update={member: NOT_READ}))
    assert found(old, blind).lost == ()
    assert [each.change for each in doubts(old, blind)] == ["access_unknown"]


def test_an_authorization_that_is_not_read_is_neither_gained_nor_lost() -> None:
    old, blind = (
        seen(api(), PETS, TOYS, allowed()),
        seen(api(), PETS, route("/toys", authorization_type=NOT_READ), allowed()),
    )
    for one, other, change in ((old, blind, "access_unknown"), (blind, old, "access_known")):
        assert found(one, other) == AccessDiff()
        assert [each.change for each in doubts(one, other)] == [change]


def test_a_resource_policy_that_is_not_read_leaves_open_who_may_call() -> None:
    bare = route("/pets", authorization_type=NOBODY)
    old, blind = seen(api(), bare), seen(api(policy=NOT_READ), bare)
    assert found(old, blind) == AccessDiff()
    assert doubts(old, blind)[0].what == "whether anyone may call 1 route of API orders, prod"


def test_where_nobody_can_tell_of_any_route_access_is_null() -> None:
    blind = seen(api(), route("/pets", authorization_type=NOT_READ))
    old = seen(api(), PETS, allowed())
    assert compare_access(old, blind) == (None, ())
    assert compare_access(blind, old) == (None, ())
    assert diff_record(compare(old, blind))["access"] is None


def test_an_estate_that_certainly_has_no_route_gained_and_lost_nothing() -> None:
    nothing = seen(listings=(listing("RestApi"),))
    assert found(nothing, nothing) == AccessDiff()
    assert compare_access(seen(listings=()), nothing)[0] is None


def test_a_canary_is_no_route_of_its_own() -> None:
    canary = PETS.model_copy(update={"arn": f"{PETS.arn}#canary/d2"})
    assert found(seen(api(), PETS, allowed()), seen(api(), PETS, canary, allowed())) == AccessDiff()


def test_a_snapshot_against_itself_changes_nothing() -> None:
    one = seen(api(), PETS, TOYS, allowed(), route("/open", authorization_type=NOBODY))
    assert compare(one, one).access == AccessDiff()
    assert diff_record(compare(one, one))["access"] == {"gained": [], "lost": []}


def test_sentences_are_short_whatever_things_are_called() -> None:
    name = "x" * 200
    long: DeployedRoute = PETS.model_copy(update={"stage": name, "route_key": f"GET /{name}"})
    old = seen(api(name=name), long, role(arn=f"arn:aws:iam::{ACCOUNT}:role/{name}"))
    new = seen(api(name=name), long, allowed().model_copy(update={"arn": f"arn:aws:iam::{ACCOUNT}:role/{name}"}))
    assert len(only(found(old, new).gained).what) <= 160
    json.dumps(diff_record(compare(old, new)))


def test_a_role_without_policies_stays_denied() -> None:
    bare = role(attached_policy_arns=Absent())
    assert found(seen(api(), PETS, bare), seen(api(), PETS, role())) == AccessDiff()


def test_what_is_compared_is_what_who_can_answers() -> None:
    everyone = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*/GET/toys",
    }
    one = seen(api(policy=Present(value=document(everyone))), PETS, TOYS, allowed(f"{EXECUTE}/prod/GET/pets"))
    answered = {
        (caller.principal, found.route): caller.decision
        for found in one.who.routes(one.who.gates)
        for caller in found.callers
    }
    assert answered == {
        (principal, route): word for principal, routes in one.who.let_in.items() for route, word in routes.items()
    }
    assert len(answered) == 3
