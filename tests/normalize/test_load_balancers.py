"""The load balancers that something in scope names: asked about together, and one by one where one of them is gone."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import time_machine

from auditor.collect.gateway.wire import LOAD_BALANCER, load_balancer, named_targets
from auditor.collect.interface import Answer, Operation
from auditor.collect.services import elbv2
from auditor.model.fact import Present
from auditor.model.load_balancers import LoadBalancer
from auditor.model.resource import Listing
from tests.collecting import AS_OF, ENVIRONMENT, Collection, collected
from tests.replay import front, load

HERE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"
SHOP = f"{HERE}loadbalancer/app/shop/50dc6c495c0c9188"
WAREHOUSE = f"{HERE}loadbalancer/net/warehouse/0123456789abcdef"


@pytest.fixture(scope="module")
def whole() -> Iterator[Collection]:
    with pytest.MonkeyPatch.context() as patch, front(load("one-of-each")) as simulated:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": simulated.endpoint}.items():
            patch.setenv(name, value)
        with time_machine.travel(AS_OF, tick=True):
            yield collected("apigateway", "elbv2")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (SHOP, SHOP),
        (WAREHOUSE, WAREHOUSE),
        (f"{HERE}listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2", SHOP),
        (f"{HERE}listener/net/warehouse/0123456789abcdef/f2f7dc8efc522ab2", WAREHOUSE),
        (f"{HERE}listener/app/shop/50dc6c495c0c9188/${{stageVariables.l}}", None),
        (f"{HERE}loadbalancer/app/${{stageVariables.b}}/50dc6c495c0c9188", None),
        (f"{HERE}loadbalancer/gwy/inspection/50dc6c495c0c9188", None),
        (f"{HERE}loadbalancer/classic", None),
        (f"{HERE}targetgroup/shop/50dc6c495c0c9188", None),
        ("arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1", None),
        ("https://shop-1234567890.eu-west-1.elb.amazonaws.com", None),
    ],
)
def test_a_target_names_a_load_balancer_by_its_arn_or_a_listener(target: str, expected: str | None) -> None:
    assert load_balancer(target) == expected


class _Call:
    """Notes of earlier collectors, and answers to come: what `gone` names does not exist."""

    account, region, partition = "123456789012", "eu-west-1", "aws"

    def __init__(self, named: tuple[str, ...] = (), gone: frozenset[str] = frozenset()) -> None:
        self.noted = set(named)
        self.gone = gone
        self.asked: list[list[str]] = []

    def remember(self, topic: str, value: str) -> None:
        assert topic == LOAD_BALANCER
        self.noted.add(value)

    def recall(self, topic: str) -> tuple[str, ...]:
        assert topic == LOAD_BALANCER
        return tuple(sorted(self.noted))

    def __call__(self, _operation: Operation, /, *, LoadBalancerArns: list[str]) -> Answer:  # noqa: N803 - AWS's name
        self.asked.append(LoadBalancerArns)
        return Answer((), None, "LoadBalancerNotFound") if self.gone & set(LoadBalancerArns) else Answer(({},), None)


@pytest.mark.parametrize(
    "body",
    [
        {"item": [{"targetArns": [WAREHOUSE]}]},
        {"item": [{"resourceMethods": {"GET": {"methodIntegration": {"integrationTarget": WAREHOUSE}}}}]},
        {"items": [{"integrationUri": f"{HERE}listener/net/warehouse/0123456789abcdef/f2f7dc8efc522ab2"}]},
        {"paths": {"/": {"get": {"x-amazon-apigateway-integration": {"integrationTarget": WAREHOUSE}}}}},
    ],
)
def test_links_integrations_and_exports_name_them(body: Mapping[str, Any]) -> None:
    call = _Call()
    named_targets(call, Answer((body,), None))  # type: ignore[arg-type]
    assert call.noted == {WAREHOUSE}


def _named(count: int) -> tuple[str, ...]:
    return tuple(f"{HERE}loadbalancer/net/n{number:02}/0123456789abcdef" for number in range(count))


def _asked(call: _Call) -> list[int]:
    elbv2.COLLECTOR.collect(call)  # type: ignore[arg-type]
    return [len(each) for each in call.asked]


def test_nothing_named_is_nothing_asked_and_what_is_elsewhere_is_not_asked_about() -> None:
    assert _asked(_Call()) == []
    assert _asked(_Call((SHOP.replace("123456789012", "999988887777"), SHOP.replace("eu-west-1", "us-east-1")))) == []


def test_twenty_go_into_one_call() -> None:
    assert _asked(_Call(_named(20))) == [20]
    assert _asked(_Call(_named(41))) == [20, 20, 1]


def test_one_that_is_gone_is_asked_about_by_itself_and_so_are_its_neighbours_of_the_call() -> None:
    named = _named(22)
    assert _asked(_Call(named, gone=frozenset({named[3]}))) == [20, *[1] * 20, 2]
    assert _asked(_Call(named[:1], gone=frozenset(named[:1]))) == [1]


def test_what_is_gone_is_an_answer_and_the_list_is_whole(whole: Collection) -> None:
    (shop,) = whole.resources["elbv2"]
    assert isinstance(shop, LoadBalancer)
    assert (shop.arn, shop.scheme, shop.type) == (SHOP, Present(value="internet-facing"), Present(value="application"))
    assert (shop.state, shop.security_groups) == (Present(value="active"), Present(value=("sg-0a", "sg-0b")))
    (listing,) = whole.listings["elbv2"]
    assert isinstance(listing, Listing)
    assert (listing.kind, listing.count, listing.complete, listing.parent) == ("LoadBalancer", 1, True, None)
    assert len(listing.pages) == 3
    assert whole.gaps["elbv2"] == []
