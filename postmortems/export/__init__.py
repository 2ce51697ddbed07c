"""A post-mortem to keep or to carry elsewhere: `exported` is the one way out, for the web and for programs."""

from postmortems.export.formats import FORMATS, Exported, exported
from postmortems.export.markdown import as_markdown

__all__ = ["FORMATS", "Exported", "as_markdown", "exported"]
