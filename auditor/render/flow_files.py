"""The pictures of a pack: one sheet an API, with its worst routes one below the other."""

from collections.abc import Mapping, Sequence

from auditor.model.finding import Evaluation
from auditor.model.flow import Flow
from auditor.render.flow_svg import sheet
from auditor.render.view.api_files import Api, api_files, api_of
from auditor.render.view.matrix import headline
from auditor.render.view.ranking import Ranking
from auditor.render.view.text import number

DRAWN = 6
"""Routes on one sheet: a person looks at the worst; all of them stand in `flows/routes.csv`."""


def flow_files(evaluation: Evaluation) -> Mapping[str, bytes]:
    """Return each API's sheet by its name below `data/`."""
    routes: dict[Api, list[Flow]] = {}
    for each in Ranking(evaluation.flows, evaluation.findings).worst_first:
        routes.setdefault(api_of(each), []).append(each)
    names = api_files(evaluation.flows)
    return {names[api]: _sheet(flows).encode() for api, flows in routes.items()}


def _sheet(flows: Sequence[Flow]) -> str:
    first, hidden = flows[0], len(flows) - DRAWN
    rest = f" The worst {DRAWN} are drawn; {number(hidden)} more stand in routes.csv." if hidden > 0 else ""
    place = f"{first.kind.value} API {first.api}, account {first.account}, {first.region}"
    return sheet(flows[:DRAWN], f"{first.api_name} ({place})", headline(flows) + rest) + "\n"
