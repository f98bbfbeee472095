"""Portals and their products to Portal and PortalProduct. Shapes from botocore's model, untried on a live account."""

from typing import Any

from auditor.model.doors import Portal, PortalPage, PortalProduct
from auditor.model.fact import Fact, Present, Unread
from auditor.normalize.facts import Members, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_PORTALS = "apigatewayv2:ListPortals"
_PRODUCTS = "apigatewayv2:ListPortalProducts"
_PAGES = "apigatewayv2:ListProductRestEndpointPages"


def normalize(read: Reading) -> None:
    """Add every portal and product of the shard."""
    for each in read.records(_PORTALS, "items"):
        _portal(read, each)
    for each in read.records(_PRODUCTS, "items"):
        _product(read, each)


def _portal(read: Reading, found: Found) -> None:
    arn = str(found.record.get("portalArn", ""))
    about = Members(read, _PORTALS, arn, found.record)
    endpoint = about.inner("endpointConfiguration")
    content = about.inner("portalContent").text("displayName")
    portal = Portal(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=content.value if isinstance(content, Present) else str(found.record.get("portalId", arn)),
        tags=about.tags(),
        authorization=about.take("authorization", _authorization),
        user_pool=about.inner("authorization").inner("cognitoConfig").text("userPoolArn"),
        publish_status=about.text("publishStatus"),
        domain=endpoint.text("domainName"),
        certificate=endpoint.text("certificateArn"),
        product_arns=about.texts("includedPortalProductArns"),
    )
    volatile = {name: found.record.get(name) for name in ("lastModified", "lastPublished", "statusException")}
    read.add(portal, found.pages, volatile)


def _authorization(value: Any) -> str:
    if value.get("cognitoConfig") is not None:
        return "COGNITO"
    if value.get("none") is not None:
        return "NONE"
    raise ValueError("another kind of authorization")


def _product(read: Reading, found: Found) -> None:
    arn = str(found.record.get("portalProductArn", ""))
    product_id = str(found.record.get("portalProductId", ""))
    about = Members(read, _PRODUCTS, arn, found.record)
    product = PortalProduct(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=str(found.record.get("displayName") or product_id),
        tags=about.tags(),
        product_id=product_id,
        pages=_pages(read, arn, product_id),
    )
    pages = [*found.pages, *read.pages_of(_PAGES, PortalProductId=product_id)]
    read.add(product, pages, {"lastModified": found.record.get("lastModified")})


def _pages(read: Reading, arn: str, product_id: str) -> Fact[tuple[PortalPage, ...]]:
    gap = read.gap(_PAGES, arn)
    if gap is not None:
        return Unread(gap=gap)
    try:
        found = [_page(each.record) for each in read.records(_PAGES, "items", PortalProductId=product_id)]
    except (ValueError, TypeError, KeyError, AttributeError):
        return Unread(gap=read.broken(_PAGES, arn, "a page is not understood"))
    return Present(value=tuple(sorted(found, key=lambda each: (each.api_id, each.stage, each.path, each.method))))


def _page(record: Any) -> PortalPage:
    route = record["restEndpointIdentifier"]["identifierParts"]
    return PortalPage(
        api_id=text(route["restApiId"]),
        stage=text(route["stage"]),
        method=text(route["method"]),
        path=text(route["path"]),
        try_it={"ENABLED": True, "DISABLED": False}[text(record["tryItState"])],
    )


NORMALIZER = Normalizer(
    "apigateway",
    normalize,
    lists=(
        ListCall(_PORTALS, "Portal", "items"),
        ListCall(_PRODUCTS, "PortalProduct", "items"),
        ListCall(
            _PAGES,
            "PortalPage",
            "items",
            "arn:{partition}:apigateway:{region}:{account}:/portalproducts/{PortalProductId}",
        ),
    ),
)
