"""Proposals for the access review: people and the roles that they may take. A pack's review sheet holds routes and privileges too."""

from collections.abc import Iterator

from auditor.access.people import People
from auditor.catalog.propose.interface import Entry, Proposer
from auditor.model.estate import Estate
from auditor.model.iam import Role
from auditor.model.register import AccessDecision


def _access_review(estate: Estate) -> Iterator[Entry]:
    people = estate.once(People)
    decided = {(each.grant.principal, each.grant.target) for each in estate.registers.access_review or ()}
    for role in estate.of(Role):
        for way in people.ways(role.arn):
            if way.is_known and (way.person, role.arn) not in decided:
                about = f"{way.person} may take {role.name} through {way.path}"
                yield Entry(about, {"grant": {"principal": way.person, "role": role.arn}})


PROPOSERS = (
    Proposer("access_review", AccessDecision, "Grants that were reviewed: kept or to be revoked.", _access_review),
)
