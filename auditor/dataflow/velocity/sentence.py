"""A template in one sentence."""

from auditor.dataflow.velocity.template import Template


def sentence(_template: Template, target: str) -> str:
    """Return what a template sends to whom."""
    return f"Sends something to {target}."
