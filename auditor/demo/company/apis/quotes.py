"""Quotes: partners come with tokens that a function looks at, through a domain name with mutual TLS."""

from auditor.demo.company import EUROPE, PRODUCTION
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.secrets import BEARER_TOKEN, TEMPLATE_PASSWORD, URL_PASSWORD

PARTNERS_CERTIFICATE = f"arn:aws:acm:{EUROPE}:{PRODUCTION}:certificate/11112222-3333-4444-5555-666677778888"


def build(company: Company) -> RestBuilder:
    """Build what stands at the end of the second quarter."""
    api = RestBuilder(company.production, EUROPE, "quotes")
    # An hour: the function was slow.
    api.function_authorizer("partner-token", "authorize-partner", seconds=3600)
    api.routes(
        [
            Rest("GET", "/quotes", "partner-token", "quotes-list"),
            Rest("POST", "/quotes", "partner-token", "quotes-create"),
            Rest("ANY", "/quotes/{proxy+}", "partner-token", "quotes-any"),
            Rest("GET", "/rates", "partner-token", "https://rates.halvorsen.example/v2"),
            Rest("OPTIONS", "/quotes"),
        ]
    )
    api.http(
        "GET",
        "/rates",
        type="HTTP",
        uri=f"https://reader:{URL_PASSWORD}@rates.halvorsen.example/v2",
        requestParameters={"integration.request.header.Authorization": f"'Bearer {BEARER_TOKEN}'"},
        requestTemplates={"application/json": '{"user": "rates", "password": "' + TEMPLATE_PASSWORD + '"}'},
    )
    api.deploy("prod", company.production.log_group(EUROPE, "/aws/apigateway/quotes"))
    company.production.client("apigateway", EUROPE).create_domain_name(
        domainName="partners.halvorsen.example",
        regionalCertificateArn=PARTNERS_CERTIFICATE,
        endpointConfiguration={"types": ["REGIONAL"]},
        securityPolicy="TLS_1_2",
        mutualTlsAuthentication={"truststoreUri": "s3://halvorsen-trust/partners.pem"},
    )
    company.production.client("apigateway", EUROPE).create_base_path_mapping(
        domainName="partners.halvorsen.example", basePath="v1", restApiId=api.id, stage="prod"
    )
    return api


def third_quarter(api: RestBuilder) -> None:
    """Do what the third quarter brought."""
    # A partner's complaint was answered by taking the authorizer off, and that was deployed.
    api.secure("GET", "/quotes", "NONE")
    api.routes([Rest("POST", "/quotes/{quoteId}/accept", "partner-token", "quotes-accept")])
    api.deploy("prod")
