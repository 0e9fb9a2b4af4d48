"""Which frames of a stack are the user's own code, and which a package's or the runtime's."""

from __future__ import annotations

from typing import Final

from fictures_reports.readers.text.linear import linear

#: folders of packages, of Python's standard library, and what has no file of its own
_LIBRARY: Final = linear(
    r"(?i)/(?:site-packages|dist-packages|node_modules|bower_components)/"
    r"|/lib(?:64)?/(?:python|pypy)[23]?(?:\.[0-9]+)?t?/|/python[0-9.-]*/(?:[0-9.]+/x(?:64|86)/)?lib/"
    r"|^/(?:node:|internal/|<)|/usr/share/nodejs/"
)


def is_library(path: str) -> bool:
    """Tell whether a file is not the user's own: a package's, the language's, or none at all.

    >>> is_library("/srv/app/.venv/lib/python3.11/site-packages/parser/core.py")
    True
    >>> is_library("shop/client.py")
    False
    """
    path = path.replace("\\", "/").removeprefix("file://")
    return _LIBRARY.search(path if path.startswith("/") else f"/{path}") is not None
