"""Portals: a second channel on which REST APIs are published, with pages from which routes may be tried.

Actions and ARNs as the Service Authorization Reference gives them; never tried on a live account.
"""

from functools import partial

from auditor.collect.gateway.wire import V2_PAGES
from auditor.collect.interface import Caller, Operation


def _list(name: str, path: str, *identities: str, per: tuple[str, ...] = ()) -> Operation:
    return Operation(
        "apigatewayv2",
        name,
        f"apigateway:{name}",
        f"arn:{{partition}}:apigateway:{{region}}:{{account}}:{path}",
        required=("items",),
        records=tuple(("items", each) for each in identities),
        page=V2_PAGES,
        per=per,
    )


PORTALS = _list("ListPortals", "/portals/*", "portalArn")
PRODUCTS = _list("ListPortalProducts", "/portalproducts/*", "portalProductArn", "portalProductId")
PAGES = _list(
    "ListProductRestEndpointPages",
    "/portalproducts/{PortalProductId}/productrestendpointpages/*",
    "productRestEndpointPageArn",
    per=("PortalProduct",),
)

OPERATIONS = (PORTALS, PRODUCTS, PAGES)

_LIMIT = "100"


def collect(call: Caller) -> None:
    """Read every portal, and every product with the routes that its pages publish."""
    call(PORTALS, MaxResults=_LIMIT)
    products = {
        str(each["portalProductId"]): str(each["portalProductArn"])
        for each in call(PRODUCTS, MaxResults=_LIMIT).items("items")
    }
    call.gather(
        [partial(call, PAGES, products[each], PortalProductId=each, MaxResults=_LIMIT) for each in sorted(products)]
    )
