"""What stands before the APIs of Halvorsen Parcels beside their domain name: its certificate, and the way in from the VPC."""

from datetime import datetime, timedelta
from typing import Any

from auditor.demo.company import EUROPE, PRODUCTION
from auditor.demo.company.apis import returns
from auditor.demo.company.apis.ledger import VPC_ENDPOINT
from auditor.demo.company.apis.quotes import PARTNERS_CERTIFICATE
from auditor.demo.company.estate import Estate
from auditor.demo.supplements import Supplements

_LEFT_AT_FIRST_QUARTER_END = 112
"""Days: bought for a year in October, so that it lapses soon at the end of the third quarter."""
_ISSUED_LEFT = 160
"""Days: ACM renews it by itself."""


class Doors:
    """The certificate and the VPC endpoint, both of the production account."""

    def __init__(self, estate: Estate, supplements: Supplements) -> None:
        """Take the accounts; nothing is made."""
        self._estate = estate
        self._beside = supplements

    def build(self, quarter_end: datetime) -> None:
        """Make what stands at the end of the second quarter, and is left alone in the third."""
        place = (PRODUCTION, EUROPE)
        self._beside.certificates[place] = [_bought(quarter_end), _issued(quarter_end)]
        self._beside.vpc_endpoints[place] = [_endpoint(quarter_end)]
        self._estate.names["certificate-partners"] = PARTNERS_CERTIFICATE


def _bought(quarter_end: datetime) -> dict[str, Any]:
    end = quarter_end + timedelta(days=_LEFT_AT_FIRST_QUARTER_END)
    bought = end - timedelta(days=365)
    return {
        "CertificateArn": PARTNERS_CERTIFICATE,
        "DomainName": "partners.halvorsen.example",
        "SubjectAlternativeNames": ["partners.halvorsen.example"],
        "Type": "IMPORTED",
        "Status": "ISSUED",
        "KeyAlgorithm": "EC_prime256v1",
        "CreatedAt": bought,
        "ImportedAt": bought,
        "NotBefore": bought,
        "NotAfter": end,
        "InUseBy": [f"arn:aws:elasticloadbalancing:{EUROPE}:{PRODUCTION}:loadbalancer/app/gateway/0a1b2c3d4e5f6071"],
        "RenewalEligibility": "INELIGIBLE",
        "Options": {"CertificateTransparencyLoggingPreference": "DISABLED"},
    }


def _issued(quarter_end: datetime) -> dict[str, Any]:
    end = quarter_end + timedelta(days=_ISSUED_LEFT)
    return {
        **_bought(quarter_end),
        "CertificateArn": returns.CERTIFICATE,
        "DomainName": returns.DOMAIN,
        "SubjectAlternativeNames": [returns.DOMAIN],
        "Type": "AMAZON_ISSUED",
        "CreatedAt": end - timedelta(days=198),
        "IssuedAt": end - timedelta(days=198),
        "NotBefore": end - timedelta(days=198),
        "NotAfter": end,
        "RenewalEligibility": "ELIGIBLE",
    }


def _endpoint(quarter_end: datetime) -> dict[str, Any]:
    return {
        "VpcEndpointId": VPC_ENDPOINT,
        "VpcEndpointType": "Interface",
        "VpcId": "vpc-0c1d2e3f4a5b60718",
        "ServiceName": f"com.amazonaws.{EUROPE}.execute-api",
        "State": "available",
        "PolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]},
        "PrivateDnsEnabled": True,
        "SubnetIds": ["subnet-0a1b2c3d4e5f60718"],
        "Groups": [{"GroupId": "sg-0a1b2c3d4e5f60718", "GroupName": "execute-api"}],
        "IpAddressType": "ipv4",
        "OwnerId": PRODUCTION,
        "CreationTimestamp": quarter_end - timedelta(days=400),
        "Tags": [{"Key": "Name", "Value": "private APIs"}],
    }
