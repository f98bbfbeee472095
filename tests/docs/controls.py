"""docs/controls: one page a domain, one section a control, from the catalog's own YAML."""

from collections.abc import Iterator
from itertools import groupby

from pydantic import JsonValue

from auditor.assets import controls_dir
from auditor.catalog.load import CatalogSources, load
from auditor.model.control import Catalog, Control

_MARK = "<!-- Generated from controls/: python -m tests.docs. Do not edit. -->"
_FRAMEWORKS = {
    "aws_config": "AWS Config rules",
    "aws_fsbp": "AWS Foundational Security Best Practices",
    "cis_aws": "CIS AWS Foundations",
    "iso_27001_2022": "ISO/IEC 27001:2022",
    "nist_800_53r5": "NIST SP 800-53 r5",
    "nist_csf_2": "NIST CSF 2.0",
    "owasp_api_2023": "OWASP API Security 2023",
    "pci_dss_4_0_1": "PCI DSS 4.0.1",
}


def pages() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of the index and of each domain's page."""
    shipped = controls_dir()
    catalog = load(CatalogSources(controls=(shipped,), criteria=shipped / "criteria" / "tsc-2017.yaml"))
    by_domain = {
        name: tuple(found)
        for name, found in groupby(
            sorted(catalog.controls, key=lambda each: (each.domain, each.id)), lambda each: each.domain
        )
    }
    yield "docs/controls/README.md", _index(by_domain)
    for name, controls in by_domain.items():
        titles = {each.id: each.title for each in catalog.criteria}
        sections = [_section(each, titles, catalog) for each in controls]
        yield f"docs/controls/{name}.md", "\n".join([f"# Controls: {name}", "", _MARK, "", *sections])


def _index(by_domain: dict[str, tuple[Control, ...]]) -> str:
    lines = [
        "# The controls",
        "",
        _MARK,
        "",
        "Each control is one testable statement, mapped to the Trust Services Criteria whose testing it supports. A client's own",
        "controls, other parameters and switched-off controls are set in `auditor.toml`; `auditor controls show ID` prints what is",
        "in force.",
        "",
    ]
    for name, controls in by_domain.items():
        lines += [
            f"## [{name}]({name}.md)",
            "",
            "| control | severity | criteria | statement in short |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| [{each.id}]({name}.md#{each.id.lower()}) | {each.severity.value} | {_ids(each)} | {each.title} |"
            for each in controls
        ]
        lines.append("")
    return "\n".join(lines)


def _ids(control: Control) -> str:
    return ", ".join(each.id for each in control.criteria)


def _section(control: Control, titles: dict[str, str], catalog: Catalog) -> str:
    lines = [
        f"## {control.id}",
        "",
        f"**{control.title}** · version {control.version} · {control.severity.value} · basis: {control.basis.value}",
        "",
        control.statement,
        "",
        "| criterion | why it supports testing of it |",
        "|---|---|",
        *(f"| {each.id} {titles.get(each.id, '')} | {each.rationale} |" for each in control.criteria),
        "",
        *_parameters(control),
        f"**Procedure.** {control.procedure}",
        "",
        *([f"**What it cannot see.** {control.cannot_see}", ""] if control.cannot_see else []),
        f"**Remediation.** {control.remediation}",
        "",
        *_rest(control, catalog),
    ]
    return "\n".join(line.rstrip() for line in lines)


def _parameters(control: Control) -> Iterator[str]:
    if not control.parameters:
        return
    yield "| parameter | value | source |"
    yield "|---|---|---|"
    for name, parameter in control.parameters.items():
        yield f"| `{name}` | {_value(parameter.value)} | {parameter.source} |"
    yield ""


def _rest(control: Control, catalog: Catalog) -> Iterator[str]:
    if control.subject == "collection":
        yield "A control on the evidence itself: outside the SOC 2 totals and the exit code."
        yield ""
    if control.registers:
        yield f"**Registers it asks:** {', '.join(f'`{each}`' for each in control.registers)}"
        yield ""
    if control.same_cause_as is not None and any(each.id == control.same_cause_as for each in catalog.controls):
        yield f"Where {control.same_cause_as} fails on the same resource too, both are one deviation."
        yield ""
    if control.references:
        told = "; ".join(
            f"{_FRAMEWORKS.get(name, name)}: {_value(value)}" for name, value in control.references.items()
        )
        yield f"**References.** {told}"
        yield ""


def _value(value: JsonValue) -> str:
    match value:
        case list():
            return ", ".join(_value(each) for each in value) or "none"
        case dict():
            return ", ".join(f"{name} {_value(each)}" for name, each in value.items())
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
