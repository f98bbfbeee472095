"""The access sheet: who holds what, through what; what of it is new, and what a reviewer decided before."""

from datetime import date
from typing import Any

import pytest

from auditor.diff.review.last_use import last_used
from auditor.diff.review.sheet import access_sheet
from auditor.diff.side import Side
from auditor.model.fact import Present, Unread
from auditor.model.iam import InlinePolicy
from auditor.model.people import (
    AccountAssignment,
    GroupMembership,
    IdentityCenterGroup,
    IdentityCenterUser,
    PermissionSet,
)
from auditor.model.register import AccessDecision, Registers
from auditor.model.resource import Resource
from auditor.model.review import AccessSheet, Age, CallerKind, GrantKind, LastUse, ReviewLine
from tests.diff.test_access import ARN, EXECUTE, PETS, READ, TOYS, allowed, seen
from tests.diff.test_compare import ACCOUNT, GLOBAL, REGION, api, document, gap, listing, role, route
from tests.estates import estate, not_set, resource

NOBODY = Present[str](value="NONE")
STORE = "arn:aws:identitystore:::"
SET = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
RESERVED = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
PEOPLE = (listing("AccountAssignment"), listing("GroupMembership"), listing("PermissionSet"))


def sheet(now: Side, before: Side | None = None) -> AccessSheet:
    return access_sheet(now, before)


def routes(found: AccessSheet) -> list[ReviewLine]:
    return [each for each in found.lines if each.kind is GrantKind.ROUTE]


def with_register(given: Side, *decisions: tuple[str, str, str, str]) -> Side:
    entries = tuple(
        AccessDecision.model_validate(
            {"grant": {"principal": who, kind: target}, "decision": word, "reason": "r", "reviewer": "Ada", "date": day}
        )
        for who, target, word, day in decisions
        for kind in ["route" if ":execute-api:" in target else "privilege"]
    )
    taken = given.estate
    changed = estate(taken.resources, Registers(access_review=entries), taken.listings)
    return Side(changed, given.evaluation, given.catalog)


def people(*, members: bool = True) -> list[Resource]:
    def made(kind: type[Resource], arn: str, **members: Any) -> Resource:
        return kind(arn=arn, account=ACCOUNT, region=REGION, name=arn, **not_set(kind) | members)

    made_role = role(arn=RESERVED, name="AWSReservedSSO_Admin_0123456789abcdef")
    found: list[Resource] = [
        made_role.model_copy(update={"inline_policies": allowed().inline_policies}),
        made(PermissionSet, SET, instance_arn="i", set_name=Present(value="Admin")),
        made(AccountAssignment, f"{SET}#assignment/{ACCOUNT}/GROUP/g1", permission_set_arn=SET, target_account=ACCOUNT,
             principal_type=Present(value="GROUP"), principal_id="g1"),
        made(AccountAssignment, f"{SET}#assignment/{ACCOUNT}/USER/u2", permission_set_arn=SET, target_account=ACCOUNT,
             principal_type=Present(value="USER"), principal_id="u2"),
        made(IdentityCenterGroup, f"{STORE}group/g1", group_id="g1", display_name=Present(value="Platform")),
        *(made(IdentityCenterUser, f"{STORE}user/{each}", user_id=each, user_name=Present(value=f"{each}@x.example"))
          for each in ("u1", "u2")),
    ]  # fmt: skip
    if members:
        found.append(made(GroupMembership, f"{STORE}membership/m1", group_arn=f"{STORE}group/g1",
                          member=Present(value="u1")))  # fmt: skip
    return found


def test_a_role_holds_all_routes_of_a_stage_in_one_line() -> None:
    found = sheet(seen(api(), PETS, TOYS, allowed()))
    (line,) = routes(found)
    assert (line.who, line.grants, line.routes, line.access) == ("role r", (f"{EXECUTE}/prod/*",), 2, "allowed")
    assert line.path == "identity policy: inline p#1"
    assert (line.age, line.last) == (Age.UNSURE, None)


def test_new_routes_stand_first_and_apart_from_those_that_were_there() -> None:
    old = seen(api(), PETS, TOYS, allowed(f"{EXECUTE}/prod/GET/pets"))
    found = routes(sheet(seen(api(), PETS, TOYS, allowed()), old))
    assert [(each.age, each.grants) for each in found] == [(Age.NEW, (TOYS.arn,)), (Age.KNOWN, (PETS.arn,))]


def test_what_the_earlier_snapshot_did_not_see_is_not_called_new() -> None:
    blind = seen(api(), PETS, listings=(listing("DeployedRoute"), listing("Role", GLOBAL, complete=False)))
    (line,) = routes(sheet(seen(api(), PETS, allowed()), blind))
    assert line.age is Age.UNSURE


def test_a_denied_principal_stands_nowhere_and_an_unknown_one_stands_as_such() -> None:
    assert routes(sheet(seen(api(), PETS, role()))) == []
    blind = role(inline_policies=Unread(gap=gap()))
    (line,) = routes(sheet(seen(api(), PETS, blind)))
    assert (line.access, line.who) == ("unknown", "role r")


def test_a_route_of_which_nothing_is_known_is_said_by_stage_and_granted_to_nobody() -> None:
    found = sheet(seen(api(), route("/pets", authorization_type=Unread(gap=gap()))))
    assert [(each.holder.kind, each.decision) for each in found.held] == [(CallerKind.UNKNOWN, "unknown")]
    assert found.lines == ()


def test_anyone_and_whoever_holds_a_token_are_callers_too() -> None:
    token = route("/toys", authorization_type=Present(value="COGNITO_USER_POOLS"))
    found = sheet(seen(api(), route("/pets", authorization_type=NOBODY), token))
    assert [(each.holder.kind, each.decision) for each in found.held] == [
        (CallerKind.ANYONE, "allowed"),
        (CallerKind.TOKEN, "conditional"),
    ]


def test_a_route_that_other_tokens_open_now_is_new_to_them() -> None:
    old, now = (route("/pets", authorization_type=Present(value=kind)) for kind in ("CUSTOM", "COGNITO_USER_POOLS"))
    (line,) = routes(sheet(seen(api(), now), seen(api(), old)))
    assert line.age is Age.NEW
    (line,) = routes(sheet(seen(api(), now), seen(api(), now)))
    assert line.age is Age.KNOWN


@pytest.mark.parametrize(
    ("trust", "kind"),
    [
        ({"Service": "lambda.amazonaws.com"}, CallerKind.SERVICE),
        ({"AWS": ACCOUNT, "Service": "lambda.amazonaws.com"}, CallerKind.ROLE),
        ({"AWS": "*"}, CallerKind.ROLE),
    ],
)
def test_a_role_that_only_services_take_is_a_service(trust: dict[str, str], kind: CallerKind) -> None:
    text = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trust})
    (held,) = sheet(seen(api(), PETS, allowed().model_copy(update={"trust_policy": Present(value=text)}))).held
    assert held.holder.kind is kind


def test_people_stand_by_name_with_their_way_to_the_role() -> None:
    found = sheet(seen(api(), PETS, *people(), listings=(*READ, *PEOPLE)))
    roles = [each for each in found.lines if each.kind is GrantKind.ROLE]
    assert [(each.who, each.path, each.grants) for each in roles] == [
        ("u1@x.example", "group Platform, permission set Admin", (RESERVED,)),
        ("u2@x.example", "assigned directly, permission set Admin", (RESERVED,)),
    ]
    (held,) = found.held
    assert (held.holder.name, held.holder.kind) == ("permission set Admin", CallerKind.PEOPLE)


def test_a_new_member_of_a_group_is_new_only_where_the_earlier_snapshot_read_people() -> None:
    now = seen(api(), PETS, *people(), listings=(*READ, *PEOPLE))
    before = seen(api(), PETS, *people(members=False), listings=(*READ, *PEOPLE))
    ages = {each.who: each.age for each in sheet(now, before).lines if each.kind is GrantKind.ROLE}
    assert ages == {"u1@x.example": Age.NEW, "u2@x.example": Age.KNOWN}
    unread = seen(api(), PETS, role(arn=RESERVED, name="x"), listings=READ)
    assert {each.age for each in sheet(now, unread).lines if each.kind is GrantKind.ROLE} == {Age.UNSURE}


def test_administrators_and_writers_of_the_gateway_hold_privileges() -> None:
    power = document({"Effect": "Allow", "Action": ["iam:*", "apigateway:*"], "Resource": "*"})
    strong = role(InlinePolicy(name="power", document=power))
    found = sheet(seen(api(), PETS, strong), seen(api(), PETS, role())).lines
    assert [(each.kind, each.grants, each.age) for each in found] == [
        (GrantKind.PRIVILEGE, ("administrator",), Age.NEW),
        (GrantKind.PRIVILEGE, ("gateway-writer",), Age.NEW),
    ]
    bounded = document(
        {"Effect": "Allow", "Action": "apigateway:*", "Resource": f"arn:aws:apigateway:{REGION}::/restapis/abc"}
    )
    assert sheet(seen(api(), PETS, role(InlinePolicy(name="one", document=bounded)))).lines == ()


def test_the_last_decision_stands_with_the_line_and_a_revoked_grant_comes_before_the_rest() -> None:
    side = seen(api(), PETS, TOYS, allowed(), role(allowed().inline_policies.value[0], arn=f"{ARN}2", name="r2"))  # type: ignore[union-attr]
    given = with_register(
        side,
        (ARN, f"{EXECUTE}/*", "keep", "2026-03-01"),
        (ARN, f"{EXECUTE}/prod/*", "keep", "2026-07-01"),
        (f"{ARN}2", PETS.arn, "revoke", "2026-07-01"),
    )
    second, first = routes(sheet(given, given))
    assert (second.principal, second.is_revoked) == (f"{ARN}2", True)
    assert first.last is not None
    assert (first.last.decision, first.last.date) == ("keep", date(2026, 7, 1))


def test_a_line_is_decided_only_where_each_of_its_routes_was() -> None:
    side = seen(api(), PETS, TOYS, allowed())
    (line,) = routes(sheet(with_register(side, (ARN, PETS.arn, "keep", "2026-07-01"))))
    assert line.last is None
    (line,) = routes(
        sheet(with_register(side, (ARN, PETS.arn, "keep", "2026-07-01"), (ARN, TOYS.arn, "keep", "2026-04-01")))
    )
    assert line.last is not None
    assert line.last.date == date(2026, 4, 1)


def test_a_decision_about_somebody_else_decides_nothing() -> None:
    side = with_register(seen(api(), PETS, allowed()), (f"{ARN}2", PETS.arn, "keep", "2026-07-01"))
    (line,) = routes(sheet(side))
    assert line.last is None


@pytest.mark.parametrize(
    ("is_read", "facts", "use"),
    [
        (True, {"RoleLastUsed": "2026-08-01T10:00:00+00:00"}, LastUse(state="used", day=date(2026, 8, 1))),
        (True, {}, LastUse(state="never")),
        ("unread", {}, LastUse(state="unknown")),
        (False, {}, LastUse(state="unknown")),
    ],
)
def test_the_last_use_of_a_role_is_a_day_never_or_not_known(is_read: Any, facts: dict[str, Any], use: LastUse) -> None:
    one = resource({"kind": "Role", "arn": ARN, "region": GLOBAL, "last_used_read": is_read})
    assert last_used(one, estate((one,), facts={ARN: facts})) == use  # type: ignore[arg-type]


def test_the_last_use_of_a_user_is_the_latest_and_one_unread_key_hides_it() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:user/u"
    user = resource({"kind": "User", "arn": arn, "region": GLOBAL, "password_last_used_read": True})
    key, other = (
        resource({"kind": "AccessKey", "arn": f"{arn}#K{n}", "region": GLOBAL, "user_arn": arn, "last_used_read": read})
        for n, read in enumerate((True, "unread"))
    )
    facts = {
        arn: {"password_last_used": "2026-05-01T00:00:00+00:00"},
        key.arn: {"LastUsedDate": "2026-06-01T00:00:00+00:00"},
    }
    assert last_used(user, estate((user, key), facts=facts)) == LastUse(state="used", day=date(2026, 6, 1))  # type: ignore[arg-type]
    assert last_used(user, estate((user, key, other), facts=facts)) == LastUse(state="unknown")  # type: ignore[arg-type]


def test_the_same_snapshot_twice_has_nothing_new() -> None:
    one = seen(api(), PETS, TOYS, allowed(), *people(), listings=(*READ, *PEOPLE))
    assert {each.age for each in sheet(one, one).lines} == {Age.KNOWN}


def test_lists_that_were_not_read_to_their_end_are_named() -> None:
    whole = [listing(each, GLOBAL) for each in ("User", "Group", "Role")]
    assert sheet(seen(api(), PETS, listings=(*whole, listing("DeployedRoute")))).unread == ()
    cut = seen(
        api(), PETS, listings=(*whole[:2], listing("Role", GLOBAL, complete=False), listing("Stage", complete=False))
    )
    assert [each.partition(" (")[0] for each in sheet(cut).unread] == [
        f"roles of account {ACCOUNT}",
        f"routes of account {ACCOUNT} in {REGION}",
    ]
    never = sheet(seen(api(), PETS, listings=()))
    assert [each.partition(" of ")[0] for each in never.unread] == ["groups", "roles", "users"]
