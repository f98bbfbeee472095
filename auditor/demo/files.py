"""The sample company's own files: auditor.toml, registers and waivers."""

from collections.abc import Mapping
from pathlib import Path

from auditor.demo.backends import backends

_CONFIG = """\
# Halvorsen Parcels: what `auditor` is told. Every key is optional; paths are relative to this file.

[scope]
accounts = ["111122223333", "444455556666"]   # read through the role below, assumed in each
role_name = "auditor-read"
regions = ["eu-west-1", "us-east-1"]          # without this: every enabled region

[registers]                                   # lists that management owns
public_routes = "registers/public-routes.yaml"
secrets = "registers/secrets.yaml"
break_glass = "registers/break-glass.yaml"
issuers = "registers/issuers.yaml"
machine_identities = "registers/machine-identities.yaml"
backends = "registers/backends.yaml"
domains = "registers/domains.yaml"
agent_routes = "registers/agent-routes.yaml"
access_review = "registers/access-review.csv" # the review sheet of the last pack, filled in

[environments.development]                    # whatever is not named is production
stages = ["dev"]

[controls.parameters.GW-TR-05]                # hosts that may see the callers' credentials
trusted_domains = ["halvorsen.example", "halvorsen-internal.example"]

[controls.parameters.GW-ID-13]                # domain names whose callers show a certificate
mtls_required_domains = ["partners.halvorsen.example", "returns.halvorsen.example"]

[waivers]                                     # approved, dated acceptances; still printed as deviations
file = "waivers.yaml"

[sla]                                         # days until a deviation is due, by severity
critical = 7
high = 60

[report]
organisation = "Halvorsen Parcels"
time_zone = "Europe/Oslo"
reviewer = "Ingrid Solheim"
"""

_PUBLIC = """\
# Routes that are meant to be open to anyone. A route is an execute-api ARN, without wildcards.
- route: "{health}"
  owner: Orders team
  reason: The load balancer's health check asks without credentials; the answer says nothing but "up".
  approved_by: Tor Lindqvist (CISO)
  approved_on: 2026-02-10
  review_by: 2027-02-10
- route: "{customers-health}"
  owner: Customer platform team
  reason: Health check of the uptime monitor.
  approved_by: Tor Lindqvist (CISO)
  approved_on: 2026-02-10
  review_by: 2027-02-10
- route: "{status}"
  owner: Tracking team
  reason: Public status page of the parcel network.
  approved_by: Tor Lindqvist (CISO)
  approved_on: 2025-08-15
  review_by: 2026-08-15          # overdue at the end of the third quarter
- route: "{webhooks-health}"
  owner: Integrations team
  reason: Payment providers probe it before they send events.
  approved_by: Tor Lindqvist (CISO)
  approved_on: 2026-05-04
  review_by: 2027-05-04
"""

_SECRETS = """\
# How secrets are renewed that do not rotate by themselves.
- secret: "{secret-mail/smtp}"
  owner: Platform team
  rotation: manual
- secret: "{secret-orders/database}"
  owner: Orders team
  rotation: automatic
- secret: "{certificate-partners}"
  owner: Integrations team
  rotation: manual
"""

_REVIEW = """\
principal,kind,grant,keep,revoke,reason,reviewer,date
arn:aws:iam::111122223333:user/emergency,privilege,administrator,x,,Break-glass; tested,Tor Lindqvist,2026-07-06
arn:aws:iam::111122223333:user/emergency,privilege,gateway-writer,x,,Break-glass; tested,Tor Lindqvist,2026-07-06
arn:aws:iam::111122223333:role/ledger-migration,privilege,administrator,,x,Migration ended,Tor Lindqvist,2026-07-06
arn:aws:iam::444455556666:role/OrganizationAccountAccessRole,privilege,gateway-writer,,x,Not used,Tor Lindqvist,2026-07-06
*,route,arn:aws:execute-api:eu-west-1:111122223333:*/prod/POST/postings,,,,,
"""

_BREAK_GLASS = """\
# Identities for emergencies: unused by design, and tested.
- principal: "{emergency}"
  owner: Security team
  last_tested: 2026-06-11
"""

_ISSUERS = """\
# Who issues identities that may open APIs.
- issuer: "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Ab3dEfGh1"
  owner: Web shop team
  approved_by: Tor Lindqvist (CISO)
  self_sign_up: true             # customers of the web shop
  user_id_claim: sub
- issuer: "https://login.halvorsen-id.example/oauth2/default"
  owner: Platform team
  approved_by: Tor Lindqvist (CISO)
  user_id_claim: sub
- issuer: "https://login.partners-id.example/"
  owner: Integrations team
  approved_by: Tor Lindqvist (CISO)
  apis: ["{api-customers}"]      # asked for one API; returns took it up without asking
- issuer: "arn:aws:lambda:eu-west-1:111122223333:function:authorize-partner"
  owner: Integrations team
  approved_by: Tor Lindqvist (CISO)
- issuer: "arn:aws:lambda:eu-west-1:111122223333:function:authorize-driver"
  owner: Dispatch team
  approved_by: Tor Lindqvist (CISO)
- issuer: "arn:aws:lambda:eu-west-1:111122223333:function:authorize-depot"
  owner: Depots team
  approved_by: Tor Lindqvist (CISO)
"""

_AGENTS = """\
# Routes that are meant for agents.
- route: "{agents-addresses}"
  owner: Dispatch team
  autonomous: false              # for the dispatcher who asked it
- route: "{agents-quotes}"
  owner: Pricing team
  autonomous: true               # agents of partners ask for prices in their own name
"""

_MACHINES = """\
# Identities of machines and agents, and who answers for them.
- identity: 7billing3x9q1          # the app client billing-service
  kind: machine
  owner: Billing team
  acts_for_users: false
"""

_DOMAINS = """\
# Domain names, and where they are expected to lead.
- domain: partners.halvorsen.example
  mappings:
    - path: v1
      api: "{api-quotes}"
      stage: prod
  behind_cdn: false
- domain: returns.halvorsen.example
  mappings:
    - api: "{api-returns}"
      stage: prod
  behind_cdn: false
"""

_WAIVERS = """\
- id: W-2026-014
  control: KR-04
  resource: "{carrier-north}"
  reason: The carrier changes its software in November; until then the key is limited to one API and watched.
  requested_by: Jonas Berg
  risk_owner: Marta Nilsen (COO)
  approver: Tor Lindqvist (CISO)
  approved_on: 2026-05-20
  expires_on: 2026-12-31
  ticket: SEC-2231
- id: W-2026-009
  control: KR-06
  resource: "{kms-archive}"
  reason: Archive keys follow the tape contract that ended in August.
  requested_by: Jonas Berg
  risk_owner: Marta Nilsen (COO)
  approver: Tor Lindqvist (CISO)
  approved_on: 2026-01-12
  expires_on: 2026-08-31          # over at the end of the third quarter
  ticket: SEC-2107
"""


def write_company_files(directory: Path, names: Mapping[str, str]) -> None:
    """Write the files, with the ARNs that the simulated estate gave the company's parts."""
    texts = {
        "auditor.toml": _CONFIG,
        "registers/public-routes.yaml": _PUBLIC,
        "registers/secrets.yaml": _SECRETS,
        "registers/break-glass.yaml": _BREAK_GLASS,
        "registers/issuers.yaml": _ISSUERS,
        "registers/machine-identities.yaml": _MACHINES,
        "registers/backends.yaml": backends(names),
        "registers/agent-routes.yaml": _AGENTS,
        "registers/domains.yaml": _DOMAINS,
        "registers/access-review.csv": _REVIEW,
        "waivers.yaml": _WAIVERS,
    }
    for name, text in texts.items():
        for key, arn in names.items():
            text = text.replace("{" + key + "}", arn)  # noqa: PLW2901 - filled in turn
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
