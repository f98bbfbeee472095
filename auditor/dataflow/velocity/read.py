"""From the text of a template to what it does."""

from auditor.dataflow.velocity.template import Band, Position, Template, Trouble

_UNREAD = (Trouble("templates are not read", Position(1, 1)),)


def read(_text: str) -> Template:
    """Return what a template does; a trouble where it was not understood."""
    return Template((), (), (), 0, 0, 0, 0, 0, (), 0, _UNREAD, 0, Band.PLAIN, fits=False)
