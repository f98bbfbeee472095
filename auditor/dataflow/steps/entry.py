"""Step 1, entry: from where the API can be reached, and whether its own address is open."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, by_stage, told
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Present
from auditor.model.gateway import Api, RestApi, View
from auditor.model.step import Domain, Effect, StepFact, StepState

_REST = "apigateway:GetRestApis item[]"
_NEWER = "apigatewayv2:GetApis Items[]"


def _say(passage: Passage, _around: Surroundings) -> Said:
    api = passage.api
    if api is None or passage.private is None:
        sentence = "From where the API can be reached was not read."
        return Said(StepState.NOT_READ, sentence, Effect.UNKNOWN, _facts(api))
    own = any(each.kind == "execute-api" for each in passage.doors)
    if passage.private:
        where = "Can be reached through VPC endpoints only"
        endpoints = api.vpc_endpoint_ids if isinstance(api, RestApi) else None
        if isinstance(endpoints, Present) and endpoints.value:
            where += f", known ones: {len(endpoints.value)}"
    else:
        where = "Can be reached from the internet"
    said = f"{where}{_own_door(passage, own=own)}{_view(passage)}."
    return Said(StepState.SET, said, _effect(passage), _facts(api))


def _own_door(passage: Passage, *, own: bool) -> str:
    if own:
        return " at the gateway's own address"
    return ", and its own address is shut" if passage.doors_complete else ""


def _view(passage: Passage) -> str:
    is_copy = passage.route.view is View.CONFIGURED
    return "; the working copy is shown, for what is deployed cannot be read" if is_copy else ""


def _effect(passage: Passage) -> Effect:
    return Effect.CHECK if passage.private else Effect.PASS


def _facts(api: RestApi | Api | None) -> tuple[StepFact, ...]:
    match api:
        case None:
            return ()
        case Api():
            return (
                StepFact("endpoint type", "REGIONAL", StepState.DEFAULT, _NEWER),
                told("ip address type", api.ip_address_type, f"{_NEWER}.IpAddressType"),
                told("default endpoint off", api.disable_execute_api_endpoint, f"{_NEWER}.DisableExecuteApiEndpoint"),
            )
        case RestApi():
            return (
                told("endpoint type", api.endpoint_types, f"{_REST}.endpointConfiguration.types", ", ".join),
                told("VPC endpoints", api.vpc_endpoint_ids, f"{_REST}.endpointConfiguration.vpcEndpointIds", ", ".join),
                told("ip address type", api.ip_address_type, f"{_REST}.endpointConfiguration.ipAddressType"),
                told("default endpoint off", api.disable_execute_api_endpoint, f"{_REST}.disableExecuteApiEndpoint"),
                told("endpoint access mode", api.endpoint_access_mode, f"{_REST}.endpointAccessMode"),
                told("security policy", api.security_policy, f"{_REST}.securityPolicy"),
            )


STEP = StepModule(1, Domain.ROUTING, "entry", _say, by_stage)
