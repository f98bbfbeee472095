"""The sample company's register of back ends: services as their teams wrote them down, functions as a loop over them would.

What the register leaves out, by the company's story: the label service, which a stage variable chooses; the function of refunds,
which nobody put there when the route was added in a hurry; and the function that erases customers, new in the third quarter.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.demo.company.clients import FUNCTION

_HEAD = "# Back ends that routes may go to, and who answers for them.\n"
_SERVICES = """\
- target: "https://billing.halvorsen.example"
  owner: Billing team
  environment: production
  data_class: confidential
  trusted_headers: ["x-user-id"]
  internal: false
  authorizes: false              # it believes what stands in x-user-id
- target: "https://claims.halvorsen.example"
  owner: Claims team
  environment: production
  data_class: confidential
  trusted_headers: ["x-user-id"]
  internal: false
- target: "https://rma.halvorsen.example"
  owner: Returns team
  environment: production
  data_class: internal
  internal: false
  authorizes: true               # it looks at the token in the body's envelope
  validates: true
- target: "https://returns.halvorsen-internal.example"
  owner: Returns team
  environment: production
  data_class: internal
  trusted_headers: ["x-user-id", "x-issuer"]
  internal: true                 # in the company's network only, or so its team believes
- target: "https://mail.halvorsen.example"
  owner: Customer platform team
  environment: production
  data_class: confidential
  internal: false
- target: "https://loyalty.halvorsen.example"
  owner: Customer platform team
  environment: production
  data_class: confidential
  trusted_headers: ["x-customer-id"]
  internal: false
- target: "https://parcels.halvorsen.example"
  owner: Tracking team
  environment: production
  data_class: internal
  trusted_headers: ["x-user-id"]
  internal: false
- target: "https://preferences.halvorsen.example"
  owner: Customer platform team
  environment: production
  data_class: confidential
  trusted_headers: ["x-account-id"]
  internal: false
- target: "https://shipments.halvorsen.example"
  owner: Tracking team
  environment: production
  data_class: internal
  trusted_headers: ["x-tenant-id"]
  internal: false
- target: "https://scanners.halvorsen.example"
  owner: Depots team
  environment: production
  data_class: internal
  trusted_headers: ["x-principal"]
  internal: true                 # depots only; it came to the internet with a certificate of its own making
  authorizes: true               # it asks for a token of its own
- target: "https://rates.halvorsen.example"
  owner: Pricing team
  environment: production
  data_class: internal
  trusted_headers: ["x-partner-id"]
  internal: false
  authorizes: false
- target: "https://documents.halvorsen.example"
  owner: Partner portal team
  environment: production
  data_class: confidential
  trusted_headers: ["x-account-id"]
  internal: false
  authorizes: false
- target: "https://desk.halvorsen.example"
  owner: Partner portal team
  environment: production
  data_class: confidential
  internal: false
  authorizes: true               # it looks for the caller's signature
  validates: true
- target: "arn:aws:apigateway:eu-west-1:sqs:path/111122223333/postings"
  owner: Finance team
  environment: production
  data_class: confidential
  internal: true
- target: "arn:aws:apigateway:eu-west-1:s3:path/halvorsen-depot-stock/{depotId}.json"
  owner: Depots team
  environment: production
  data_class: internal
  internal: true
- target: "arn:aws:states:eu-west-1:111122223333:stateMachine:erasure"
  owner: Customer platform team
  environment: production
  data_class: confidential
  internal: true
- target: "arn:aws:states:eu-west-1:111122223333:stateMachine:export"
  owner: Customer platform team
  environment: production
  data_class: confidential
  internal: true
"""


@dataclass(frozen=True)
class _Team:
    """Whose functions begin with a word, and what it says of them."""

    owner: str
    data_class: str
    validates: bool = False
    environment: str = "production"


_TEAMS = {
    "customers-": _Team("Customer platform team", "confidential"),
    "depots-": _Team("Depots team", "internal"),
    "dispatch-": _Team("Dispatch team", "internal"),
    "ledger-": _Team("Finance team", "confidential", validates=True),
    "notify-": _Team("Web shop team", "internal"),
    "orders-": _Team("Orders team", "confidential"),
    "orders-us-": _Team("Orders team America", "confidential", validates=True),
    "portal-": _Team("Partner portal team", "confidential", validates=True),
    "quotes-": _Team("Pricing team", "internal", validates=True),
    "reports-": _Team("Partner portal team", "internal"),
    "returns-": _Team("Returns team", "internal", validates=True),
    "sandbox-": _Team("Integrations team", "internal", environment="development"),
    "tracking-": _Team("Tracking team", "internal", validates=True),
    "webhooks-": _Team("Integrations team", "confidential"),
}
_LEFT_OUT = frozenset({"orders-refund", "customers-erase"})
_LOOSE = frozenset({"quotes-book"})
"""What does not validate, though its team's other functions do."""
_CATCH_ALL = {"notify-handler": "It answers messages that it does not know with an error."}


def backends(names: Mapping[str, str]) -> str:
    """Return the register, with the functions that the estate has by now."""
    functions = {key.removeprefix(FUNCTION): arn for key, arn in names.items() if key.startswith(FUNCTION)}
    return _HEAD + _SERVICES + "".join(_lines(functions))


def _lines(functions: Mapping[str, str]) -> Iterator[str]:
    for name, arn in sorted(functions.items()):
        team = _TEAMS.get(max((each for each in _TEAMS if name.startswith(each)), key=len, default=""))
        # Functions that authorize are no back ends: the register of issuers has them.
        if team is None or name in _LEFT_OUT:
            continue
        yield f'- target: "{arn}"\n  owner: {team.owner}\n  environment: {team.environment}\n'
        yield f"  data_class: {team.data_class}\n  internal: true\n"
        if team.validates and name not in _LOOSE:
            yield "  validates: true\n"
        if name in _CATCH_ALL:
            yield f"  catch_all: {_CATCH_ALL[name]}\n"
