"""The APIs of Halvorsen Parcels at the end of the second quarter, and what its engineers did in the third."""

from auditor.demo.company import AMERICA, EUROPE, PARTNERS
from auditor.demo.company.apis import (
    america,
    customers,
    depots,
    ledger,
    orders,
    partners,
    quotes,
    returns,
    sockets,
    tracking,
)
from auditor.demo.company.building import HttpBuilder, RestBuilder
from auditor.demo.company.clients import Account, Company, Names


class Estate:
    """Both accounts' APIs; keeps hold of what the third quarter changes."""

    def __init__(self, endpoint: str) -> None:
        """Connect to both accounts; nothing is built."""
        self._company = Company(endpoint)

    @property
    def production(self) -> Account:
        """The account that runs the company."""
        return self._company.production

    @property
    def partners(self) -> Account:
        """The account of what partners use."""
        return self._company.partners

    @property
    def names(self) -> Names:
        """What the registers need: ARNs by name."""
        return self._company.names

    @property
    def apis(self) -> tuple[RestBuilder | HttpBuilder, ...]:
        """Every API, in the order in which they were built."""
        return (
            self.orders,
            self.tracking,
            self.quotes,
            self.ledger,
            self.customers,
            self.notify,
            self.dispatch,
            self.orders_us,
            self.webhooks,
            self.portal,
            self.reports,
            self.sandbox,
            self.returns,
            self.depots,
        )

    def close(self) -> None:
        """Close every connection."""
        self._company.close()

    def build(self) -> None:
        """Build what stands at the end of the second quarter."""
        company = self._company
        for account in (company.production, company.partners):
            for region in (EUROPE, AMERICA):
                _log_role(account, region)
        self.orders = orders.build(company)
        self.tracking = tracking.build(company)
        self.carriers = tracking.Carriers(company, self.tracking)
        self.quotes = quotes.build(company)
        self.ledger = ledger.build(company)
        self.customers = customers.build(company)
        self.notify = sockets.build_notify(company)
        self.dispatch = sockets.build_dispatch(company)
        self.orders_us = america.build_orders(company)
        self.webhooks = america.build_webhooks(company)
        self.portal = partners.build_portal(company)
        self.reports = partners.build_reports(company)
        self.sandbox = partners.build_sandbox(company)
        self.returns = returns.build(company)
        self.depots = depots.build(company)

    def settle(self) -> None:
        """Let stages that deploy by themselves do so now: whoever looks at them sees it done."""
        for each in self.apis:
            if isinstance(each, HttpBuilder):
                each.client.get_stages(ApiId=each.id)

    def third_quarter(self) -> None:
        """Do what the engineers did between July and September."""
        orders.third_quarter(self.orders)
        quotes.third_quarter(self.quotes)
        customers.third_quarter(self.customers)
        ledger.third_quarter(self.ledger)
        tracking.third_quarter(self.tracking)
        self.carriers.third_quarter()
        america.third_quarter(self._company, self.orders_us)
        partners.third_quarter(self.portal, self.reports)


def _log_role(account: Account, region: str) -> None:
    # The partner account never got its role in America: access logs of REST stages there do not work.
    if (account.number, region) == (PARTNERS, AMERICA):
        return
    role = f"arn:aws:iam::{account.number}:role/apigateway-logs"
    patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
    account.client("apigateway", region).update_account(patchOperations=[patch])
