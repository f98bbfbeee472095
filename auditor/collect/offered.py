"""Where a service is offered: a region without it is out of reach by nature, not a gap.

The evidence is DNS: an endpoint of AWS's own whose name does not exist. Where botocore or the documentation says that the
service is there, such an answer is trouble with the network, and stays a gap. Never tried on a live account.
"""

import socket
from urllib.parse import urlsplit

from botocore.exceptions import EndpointConnectionError

DOCUMENTED: dict[str, frozenset[str]] = {
    "bedrock-agentcore-control": frozenset(
        {
            "ap-northeast-1",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "eu-central-1",
            "eu-west-1",
            "us-east-1",
            "us-east-2",
            "us-west-2",
        }
    ),
}
"""Regions of services that botocore's table of endpoints leaves out (AgentCore developer guide, "Supported AWS Regions").

An old list does no harm: a region that is missing here is asked all the same.
"""
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn")
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
"""What a resolver says of a name that does not exist; EAI_AGAIN, a resolver that does not answer, says nothing."""


def has_no_endpoint(error: BaseException, region: str) -> bool:
    """Return whether a call failed because AWS has no endpoint of that name in the region."""
    if not isinstance(error, EndpointConnectionError):
        return False
    host = urlsplit(str(error.kwargs.get("endpoint_url", ""))).hostname or ""
    if not host.endswith(_AWS) or f".{region}." not in host:
        return False
    return any(isinstance(each, socket.gaierror) and each.errno in _NO_SUCH_NAME for each in _causes(error))


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and what it came from: botocore keeps urllib3's error as a member, urllib3 the socket's as its cause."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and each not in found:
            found.append(each)
            waiting += [each.__cause__, each.__context__]
            waiting += [each.kwargs.get("error")] if isinstance(each, EndpointConnectionError) else []
    return found
