"""Returns: shops come through a domain name with mutual TLS, with tokens of one of two issuers.

P11  the authorizer trusts two issuers; `GET /returns` tells the back end a subject that is one issuer's own, `GET /returns/{returnId}`
     tells the issuer with it.
P14  passes: the default endpoint is off, so that nobody goes around the domain name.
P15  `GET /returns` is kept in the cache for all callers alike; `GET /returns/{returnId}` is kept for each token.
"""

from auditor.demo.company import EUROPE, PRODUCTION
from auditor.demo.company.apis.customers import ISSUER, PARTNERS_ISSUER
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import REST_JWT
from auditor.demo.company.sending import proxy

DOMAIN = "returns.halvorsen.example"
CERTIFICATE = f"arn:aws:acm:{EUROPE}:{PRODUCTION}:certificate/22223333-4444-5555-6666-777788889999"
_BACK_END = "https://returns.halvorsen-internal.example/v1/returns"
_SCOPES = ("returns.read",)


def build(company: Company) -> RestBuilder:
    """Build what stands at the end of the second quarter, and is left alone in the third."""
    api = RestBuilder(company.production, EUROPE, "returns", disableExecuteApiEndpoint=True)
    api.jwt("shops", {ISSUER: "api://returns", PARTNERS_ISSUER: "api://returns"})
    caller = {"x-user-id": "context.authorizer.claims.sub"}
    one = proxy(
        f"{_BACK_END}/{{returnId}}",
        {**caller, "x-issuer": "context.authorizer.claims.iss"},
        requestParameters={"integration.request.path.returnId": "method.request.path.returnId"},
        cacheKeyParameters=["method.request.path.returnId", "method.request.header.Authorization"],
    )
    api.routes(
        [
            Rest("GET", "/returns", "shops", scopes=_SCOPES, sends=proxy(_BACK_END, caller)),
            Rest("GET", "/returns/{returnId}", "shops", scopes=_SCOPES, sends=one),
            Rest("POST", "/returns", "shops", "returns-create", scopes=("returns.write",)),
        ]
    )
    log = company.production.log_group(EUROPE, "/aws/apigateway/returns")
    api.deploy("prod", log, REST_JWT, cacheClusterEnabled=True, cacheClusterSize="0.5")
    for key in ("~1returns/GET", "~1returns~1{returnId}/GET"):
        own = {"logging_loglevel": "ERROR", "throttling_rateLimit": 200, "throttling_burstLimit": 400}
        api.treat("prod", key, **own, caching_enabled="true", caching_ttlInSeconds=60, caching_dataEncrypted="true")
    _domain(company, api)
    return api


def _domain(company: Company, api: RestBuilder) -> None:
    client = company.production.client("apigateway", EUROPE)
    client.create_domain_name(
        domainName=DOMAIN,
        regionalCertificateArn=CERTIFICATE,
        endpointConfiguration={"types": ["REGIONAL"]},
        securityPolicy="TLS_1_2",
        mutualTlsAuthentication={"truststoreUri": "s3://halvorsen-trust/shops.pem", "truststoreVersion": "3"},
    )
    client.create_base_path_mapping(domainName=DOMAIN, restApiId=api.id, stage="prod")
    company.names["api-returns"] = api.id
