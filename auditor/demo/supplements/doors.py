"""What stands before the APIs and moto does not know: whose domain names, their routing mode and mutual TLS, portals."""

from typing import Any

from auditor.demo.supplements.state import Answer, Handlers, Passed, State, amended
from auditor.demo.wire import Request
from auditor.demo.writing import answer


def _create_domain(state: State, request: Request, passed: Passed) -> Answer:
    given = request.members
    if given.get("mutualTlsAuthentication"):
        state.mutual_tls[(request.account, request.region, given["domainName"])] = given["mutualTlsAuthentication"]
    return passed()


def _get_domains(state: State, request: Request, passed: Passed) -> Answer:
    if request.query.get("resourceOwner") == "OTHER_ACCOUNTS":
        return _none(state, request, passed)

    def change(document: dict[str, Any]) -> None:
        for each in document["item"]:
            each.setdefault("routingMode", "BASE_PATH_MAPPING_ONLY")
            found = state.mutual_tls.get((request.account, request.region, each["domainName"]))
            if found is not None:
                each["mutualTlsAuthentication"] = found

    return amended(passed, change)


def _none(_state: State, request: Request, _passed: Passed) -> Answer:
    """Answer an empty list: the company has none."""
    return 200, answer(request, {"Items" if request.service == "apigatewayv2" else "items": []})


HANDLERS: Handlers = {
    "apigateway:CreateDomainName": _create_domain,
    "apigateway:GetClientCertificates": _none,
    "apigateway:GetDomainNameAccessAssociations": _none,
    "apigateway:GetDomainNames": _get_domains,
    "apigatewayv2:ListPortalProducts": _none,
    "apigatewayv2:ListPortals": _none,
}
