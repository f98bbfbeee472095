"""Quotes: partners come with tokens that a function looks at, through a domain name with mutual TLS.

P1   `GET /rates` goes on under the company's own token, and says nothing of the partner.
P2   the access log names the partner by a misspelt variable, which nothing ever fills.
P9   `GET /tariffs` tells the partner's id, if the function gave one.
P12  `POST /bookings` asks for a scope, which counts for nothing behind a function.
P13  decisions are kept for an hour; whether they were made for one route, the function alone knows.
P14  the domain name asks for a certificate, and the default endpoint beside it is open.
Refusals: a 500 of the rates service becomes a 403.
"""

from auditor.demo.company import EUROPE, PRODUCTION
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import MISSPELT
from auditor.demo.company.secrets import BEARER_TOKEN, URL_PASSWORD
from auditor.demo.company.sending import Reply, Sends, custom, proxy
from auditor.demo.company.templates import RATES

PARTNERS_CERTIFICATE = f"arn:aws:acm:{EUROPE}:{PRODUCTION}:certificate/11112222-3333-4444-5555-666677778888"
_ANSWERS = (Reply(), Reply("403", "500", template='{"message": "Forbidden"}'))


def build(company: Company) -> RestBuilder:
    """Build what stands at the end of the second quarter."""
    api = RestBuilder(company.production, EUROPE, "quotes")
    # An hour: the function was slow.
    api.function_authorizer("partner-token", "authorize-partner", seconds=3600)
    tariffs = proxy("https://rates.halvorsen.example/v2/tariffs", {"x-partner-id": "context.authorizer.partnerId"})
    api.routes(
        [
            Rest("GET", "/quotes", "partner-token", "quotes-list"),
            Rest("POST", "/quotes", "partner-token", "quotes-create"),
            Rest("ANY", "/quotes/{proxy+}", "partner-token", "quotes-any"),
            Rest("GET", "/rates", "partner-token", sends=_rates(), replies=_ANSWERS),
            Rest("GET", "/tariffs", "partner-token", sends=tariffs),
            Rest("POST", "/bookings", "partner-token", "quotes-book", scopes=("quotes/book",)),
            Rest("OPTIONS", "/quotes"),
        ]
    )
    api.deploy("prod", company.production.log_group(EUROPE, "/aws/apigateway/quotes"), MISSPELT)
    company.production.client("apigateway", EUROPE).create_domain_name(
        domainName="partners.halvorsen.example",
        regionalCertificateArn=PARTNERS_CERTIFICATE,
        endpointConfiguration={"types": ["REGIONAL"]},
        securityPolicy="TLS_1_2",
        mutualTlsAuthentication={"truststoreUri": "s3://halvorsen-trust/partners.pem", "truststoreVersion": "7"},
    )
    company.production.client("apigateway", EUROPE).create_base_path_mapping(
        domainName="partners.halvorsen.example", basePath="v1", restApiId=api.id, stage="prod"
    )
    company.names["api-quotes"] = api.id
    company.names["agents-quotes"] = api.route_arn("prod", "POST", "/quotes")
    return api


def _rates() -> Sends:
    return custom(
        f"https://reader:{URL_PASSWORD}@rates.halvorsen.example/v2",
        RATES,
        {"Authorization": f"'Bearer {BEARER_TOKEN}'"},
        verb="GET",
        passthroughBehavior="WHEN_NO_TEMPLATES",
    )


def third_quarter(api: RestBuilder) -> None:
    """Do what the third quarter brought."""
    # A partner's complaint was answered by taking the authorizer off, and that was deployed.
    api.secure("GET", "/quotes", "NONE")
    api.routes([Rest("POST", "/quotes/{quoteId}/accept", "partner-token", "quotes-accept")])
    api.deploy("prod")
