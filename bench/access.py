"""CPU and memory of every identity against every AWS_IAM route, with conditions, boundaries, service control and resource policies.

    PYTHONPATH=. python bench/access.py [principals routes]

Printed: CPU seconds and memory, what twice the principals and twice the routes cost, the ratio to deciding each pair by itself,
and the time that one pair explained takes. Half of the routes have parameters; an eighth of the patterns meet them in part.
"""

import json
import resource
import sys
import time
from dataclasses import replace
from statistics import median

from auditor.access.gateway.gate import Gate, route_family
from auditor.access.gateway.pair import pair
from auditor.access.iam.caller import caller
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Subject
from auditor.access.iam.policies import Layer, Policy, policy
from auditor.access.matrix.matrix import Matrix
from auditor.access.principals import Known
from auditor.model.fact import Absent, Present
from auditor.model.gateway import Protocol

ACCOUNT, OTHER = "111122223333", "444455556666"
_HERE = f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:"
_ROUTES_OF_AN_API = 20
_NOW = Context({"aws:currenttime": ("2026-09-30T22:00:00+00:00",), "aws:securetransport": ("true",)})


def gates(count: int) -> tuple[Gate, ...]:
    """Return gates of APIs with twenty routes each, half of them with parameters; every third API has a resource policy."""
    return tuple(_gate(number) for number in range(count))


def _gate(number: int) -> Gate:
    api, place = divmod(number, _ROUTES_OF_AN_API)
    path = f"r{place}/{{id}}" if place % 2 else f"r{place}"
    arn = f"{_HERE}api{api:03}/prod/{('GET', 'POST')[place // 2 % 2]}/{path}"
    own = Present(value=_resource_policy(api)) if api % 3 == 0 else Absent()
    return Gate(
        route=arn,
        account=ACCOUNT,
        region="eu-west-1",
        protocol=Protocol.REST,
        family=route_family(arn, Protocol.REST),
        authorization=Present(value="AWS_IAM"),
        policy=own,
        private=False,
        api_key_required=Absent(),
    )


def _resource_policy(api: int) -> str:
    allowed = [f"arn:aws:iam::{ACCOUNT}:role/p{number:04}" for number in range(api, api + 400, 40)]
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": allowed},
                    "Action": "execute-api:Invoke",
                    "Resource": "execute-api:/*",
                },
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "execute-api:Invoke",
                    "Resource": "execute-api:/prod/POST/*",
                    "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}},
                },
            ],
        }
    )


def principals(count: int, apis: int) -> tuple[Known, ...]:
    """Return roles and users with policies of their own, shared ones, boundaries and two levels of the organization."""
    shared = tuple(policy(Layer.IDENTITY, f"team{number}", _team(number, apis)) for number in range(20))
    boundary = policy(Layer.BOUNDARY, "boundary", _document(("Allow", "execute-api:*", f"{_HERE}*/prod/*", {})))
    control = (
        (policy(Layer.SERVICE_CONTROL, "full", _document(("Allow", "*", "*", {}))),),
        (
            policy(Layer.SERVICE_CONTROL, "full", _document(("Allow", "*", "*", {}))),
            policy(Layer.SERVICE_CONTROL, "legacy", _document(("Deny", "execute-api:Invoke", f"{_HERE}api007/*", {}))),
        ),
    )
    return tuple(_known(number, apis, shared, (boundary, control)) for number in range(count))


def _known(
    number: int, apis: int, shared: tuple[Policy, ...], bounds: tuple[Policy, tuple[tuple[Policy, ...], ...]]
) -> Known:
    who = caller(f"arn:aws:iam::{ACCOUNT}:{'user' if number % 4 == 0 else 'role'}/p{number:04}")
    own = policy(Layer.IDENTITY, f"own{number}", _own(number, apis))
    boundary, control = bounds
    bounded = number % 5 == 0
    return Known(
        who=replace(who, is_bounded=bounded),
        subject=Subject((own, shared[number % len(shared)]), (boundary,) if bounded else (), (), control),
        keys=Context({"aws:principalorgid": ("o-1",)}),
        of=None,
    )


def _own(number: int, apis: int) -> str:
    api = number % apis
    part = f"{_HERE}api{api:03}/prod/GET/r1/1*" if number % 8 == 0 else f"{_HERE}api{api:03}/prod/GET/*"
    return _document(
        ("Allow", "execute-api:Invoke", part, {}),
        (
            "Allow",
            "execute-api:Invoke",
            f"{_HERE}api{(api + 1) % apis:03}/prod/POST/r2",
            {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        ),
        ("Allow", "execute-api:Invoke", f"{_HERE}*/prod/GET/r{number % 20}/${{aws:username}}", {}),
        ("Allow", "s3:GetObject", f"arn:aws:s3:::bucket{number}/*", {}),
    )


def _team(number: int, apis: int) -> str:
    return _document(
        (
            "Allow",
            ["execute-api:Invoke", "logs:*"],
            [f"{_HERE}api{each:03}/*/GET/*" for each in range(number, apis, 20)],
            {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        ),
        ("Deny", "execute-api:*", f"{_HERE}*/prod/*/r13", {"StringNotEquals": {"aws:PrincipalTag/team": f"t{number}"}}),
    )


def _document(*statements: tuple[str, str | list[str], str | list[str], dict[str, dict[str, str]]]) -> str:
    written = [
        {"Effect": effect, "Action": action, "Resource": resources, "Condition": condition}
        for effect, action, resources, condition in statements
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": written})


def whole(identities: int, routes: int) -> tuple[float, int]:
    """Return CPU seconds for all pairs, policies parsed anew each time, and how many may be let in."""
    apis = max(1, routes // _ROUTES_OF_AN_API)
    began = time.process_time()
    matrix = Matrix(gates(routes), _NOW)
    let_in = sum(matrix.row(each).let_in.bit_count() for each in principals(identities, apis))
    return time.process_time() - began, let_in


def by_pairs(identities: int, routes: int) -> float:
    """Return CPU seconds a pair where each is decided, and explained, by itself."""
    some, known = gates(routes), principals(identities, max(1, routes // _ROUTES_OF_AN_API))
    began = time.process_time()
    for each in known:
        for gate in some:
            pair(each, gate, _NOW)
    return (time.process_time() - began) / (identities * routes)


def one_pair() -> float:
    """Return the median of the seconds that one explained pair takes."""
    some, known = gates(100), principals(50, 5)
    taken = []
    for each in known:
        began = time.perf_counter()
        pair(each, some[7], _NOW)
        taken.append(time.perf_counter() - began)
    return median(taken)


def main() -> None:
    """Print what it takes."""
    identities, routes = (int(each) for each in sys.argv[1:]) if sys.argv[1:] else (1_000, 500)
    seconds, let_in = whole(identities, routes)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pairs = identities * routes
    print(
        f"{identities} identities x {routes} routes: {seconds:.2f} s CPU, {memory:.0f} MB at most, {let_in} pairs may pass"
    )
    print(f"  {pairs / seconds:,.0f} pairs a second")
    print(f"  twice the identities: x{whole(2 * identities, routes)[0] / seconds:.2f}")
    print(f"  twice the routes: x{whole(identities, 2 * routes)[0] / seconds:.2f}")
    alone = by_pairs(min(50, identities), min(100, routes))
    print(f"  against each pair by itself ({alone * 1e6:.0f} us): {alone * pairs / seconds:.0f} times as fast")
    print(f"  one pair explained: {one_pair() * 1000:.2f} ms")


if __name__ == "__main__":
    main()
