"""The class of an integration: it alone decides what of a call goes on by itself (dataflow.md section 1.2, step 12)."""

from enum import StrEnum

from auditor.dataflow.functions import function_arn
from auditor.dataflow.passage import Passage
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.route_parts import Integration


class IntegrationClass(StrEnum):
    """What kind of back end a call goes to, and whether it goes there whole."""

    LAMBDA_PROXY = "LAMBDA_PROXY"
    LAMBDA = "LAMBDA"
    """A function that gets what a template makes."""
    HTTP_PROXY = "HTTP_PROXY"
    HTTP = "HTTP"
    PRIVATE_PROXY = "PRIVATE_PROXY"
    """HTTP through a VPC link."""
    PRIVATE = "PRIVATE"
    AWS_SERVICE = "AWS_SERVICE"
    AWS_SUBTYPE = "AWS_SUBTYPE"
    """A service action of an HTTP API: `SQS-SendMessage`."""
    MOCK = "MOCK"
    NONE = "NONE"
    """The route has no integration."""
    UNKNOWN = "UNKNOWN"
    """Not read, or a type that this program does not know."""

    @property
    def is_http_proxy(self) -> bool:
        """Return whether every header of the client goes on to an HTTP back end."""
        return self in _HTTP_PROXIES

    @property
    def has_back_end(self) -> bool:
        """Return whether there is anybody who could be told something."""
        return self not in _NOBODY


_HTTP_PROXIES = frozenset({IntegrationClass.HTTP_PROXY, IntegrationClass.PRIVATE_PROXY})
_NOBODY = frozenset({IntegrationClass.MOCK, IntegrationClass.NONE})
_OVER_INTERNET = {"HTTP_PROXY": IntegrationClass.HTTP_PROXY, "HTTP": IntegrationClass.HTTP}
_OVER_LINK = {"HTTP_PROXY": IntegrationClass.PRIVATE_PROXY, "HTTP": IntegrationClass.PRIVATE}
_BY_CONNECTION = {None: _OVER_INTERNET, "INTERNET": _OVER_INTERNET, "VPC_LINK": _OVER_LINK}


def integration_class(passage: Passage) -> IntegrationClass:
    """Return the class of a route's integration."""
    match passage.integration:
        case Present(value=found):
            return class_of(found)
        case Unread():
            return IntegrationClass.UNKNOWN
        case Absent() | NotApplicable():
            return IntegrationClass.NONE


def class_of(found: Integration) -> IntegrationClass:
    """Return the class of an integration. A member that is not told leaves it unknown where it would decide."""
    match found.type:
        case "MOCK":
            return IntegrationClass.MOCK
        case "AWS_PROXY" if found.subtype:
            return IntegrationClass.AWS_SUBTYPE
        case "AWS_PROXY":
            is_function = found.uri is not None and function_arn(found.uri) is not None
            return IntegrationClass.LAMBDA_PROXY if is_function else IntegrationClass.UNKNOWN
        case "AWS" if found.uri is not None:
            return IntegrationClass.AWS_SERVICE if function_arn(found.uri) is None else IntegrationClass.LAMBDA
        case _:
            return _BY_CONNECTION.get(found.connection_type, {}).get(found.type, IntegrationClass.UNKNOWN)
