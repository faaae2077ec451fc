"""Turns our docstrings into the Markdown that the documentation is made of, while it is built.

"Example:" becomes a section of code, a reference such as ``:func:`run``` becomes code, <name> is kept from being
taken for HTML, and a table or formula in reStructuredText is shown as it stands.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

EXAMPLE = re.compile(r"^Example:$", re.MULTILINE)
ROLE = re.compile(r":(?:class|data|func|meth|mod|attr|exc):`~?([^`]+)`")
TABLE = re.compile(r"^=+(?:  +=+)+\n.*^=+(?:  +=+)+$", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"(`+[^`]+`+)|<([a-z_]+)>")
FORMULA = re.compile(r"^\.\. math:: (.+)$", re.MULTILINE)


def to_markdown(text: str) -> str:
    """Return a docstring as Markdown with Google sections.

    Example:
        >>> to_markdown("See :func:`run`.")
        'See `run`.'
    """
    text = EXAMPLE.sub("Examples:", text)
    text = ROLE.sub(r"`\1`", text)
    text = FORMULA.sub(r"    \1", text)
    text = PLACEHOLDER.sub(lambda found: found[1] or f"&lt;{found[2]}&gt;", text)
    return TABLE.sub(lambda table: "    " + table[0].replace("\n", "\n    "), text)


class Docstrings(griffe.Extension):
    """Rewrites each docstring once, as it is read."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of ``obj``."""
        if obj.docstring is not None:
            obj.docstring.value = to_markdown(obj.docstring.value)
