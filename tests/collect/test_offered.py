"""A region without a service is declared; trouble on the way there is a gap."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NameResolutionError

from auditor.collect.integrity import Tap
from auditor.collect.offered import has_no_endpoint
from auditor.collect.pacing import Pacer
from auditor.collect.reader import Reader, Tools
from auditor.collect.redact import Redactor
from auditor.collect.services.bedrock_agentcore_control import GATEWAYS
from auditor.collect.session import AccountSession, Identity
from auditor.collect.settings import CollectSettings, Patience
from auditor.model.agents import AgentGateway
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError
from tests.estates import snapshot

HOST = "bedrock-agentcore-control.{}.amazonaws.com"
WHO = Identity("111122223333", "arn:aws:iam::111122223333:role/auditor-read", "aws")


def _error(region: str, number: int, host: str = HOST) -> EndpointConnectionError:
    """Return what botocore raises where a name cannot be resolved, made as urllib3 and botocore make it."""
    name = host.format(region)
    said = socket.gaierror(number, "said the resolver")
    told = NameResolutionError(name, HTTPSConnection(name), said)
    told.__cause__ = said
    return EndpointConnectionError(endpoint_url=f"https://{name}/gateways/", error=told)


@pytest.mark.parametrize(
    ("number", "host", "expected"),
    [
        (socket.EAI_NONAME, HOST, True),
        (socket.EAI_AGAIN, HOST, False),
        (socket.EAI_NONAME, "proxy.halvorsen.example", False),
        (socket.EAI_NONAME, "organizations.us-east-1.amazonaws.com", False),
    ],
)
def test_only_a_name_of_aws_that_does_not_exist_says_so(number: int, host: str, *, expected: bool) -> None:
    assert has_no_endpoint(_error("eu-south-1", number, host), "eu-south-1") is expected


class _Nowhere(AccountSession):
    """A session whose every call ends as a resolver ends it that knows no such name."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.tap = Tap()

    def client(self, service: str, region: str) -> Any:
        del service, region
        raise self._error

    def names_region(self, service: str, region: str) -> bool:
        return region == "sa-east-1" or (service == "ec2" and region != "eu-wset-1")


def _asked(region: str, number: int = socket.EAI_NONAME) -> Reader:
    patience = Patience(attempts=2, total=5)
    with ThreadPoolExecutor(1) as pool:
        tools = Tools(Pacer(sleep=lambda _s: None), Redactor(b"k"), lambda _b: "", pool, threading.Event(), patience)
        reader = Reader(_Nowhere(_error(region, number)), WHO, region, tools)
        reader.serve("bedrock-agentcore-control")
        reader(GATEWAYS, maxResults=100)
    return reader


def test_a_region_that_nobody_names_and_that_has_no_endpoint_is_declared() -> None:
    reader = _asked("eu-south-1")
    assert reader.shard("bedrock-agentcore-control") == ((), ())
    (told,) = reader.declared
    assert (told.service, told.lists) == ("bedrock-agentcore-control", ("AgentGateway",))
    assert told.why == "bedrock-agentcore-control is not offered in eu-south-1: its endpoint does not exist"


@pytest.mark.parametrize("region", ["eu-west-1", "sa-east-1"])
def test_where_the_documentation_or_botocore_names_the_region_it_is_a_gap(region: str) -> None:
    reader = _asked(region)
    assert reader.declared == ()
    assert len(reader.shard("bedrock-agentcore-control")[1]) == 1


def test_a_region_that_is_none_is_a_gap_and_not_empty_by_nature() -> None:
    reader = _asked("eu-wset-1")
    assert (reader.declared, len(reader.shard("bedrock-agentcore-control")[1])) == ((), 1)


def test_a_resolver_that_does_not_answer_is_a_gap() -> None:
    reader = _asked("eu-south-1", socket.EAI_AGAIN)
    assert (reader.declared, len(reader.shard("bedrock-agentcore-control")[1])) == ((), 1)


def test_what_cannot_exist_is_a_whole_list_and_what_was_not_asked_for_is_none() -> None:
    told = _asked("eu-south-1").declared
    bare = snapshot()
    known = Estate(bare.model_copy(update={"declared": told}), (), {}, ())
    known.whole(AgentGateway, "111122223333", "eu-south-1")
    with pytest.raises(NotReadError):
        Estate(bare, (), {}, ()).whole(AgentGateway, "111122223333", "eu-south-1")


def test_botocore_names_the_regions_of_what_its_table_knows() -> None:
    import boto3  # noqa: PLC0415 - the real table

    real = AccountSession(boto3.Session(region_name="eu-west-1"), CollectSettings(redaction_key=b"k"), "eu-west-1")
    assert real.names_region("sso-admin", "eu-west-1")
    assert not real.names_region("bedrock-agentcore-control", "eu-west-1")
    assert real.names_region("ec2", "me-central-1")
    assert not real.names_region("ec2", "eu-wset-1")
