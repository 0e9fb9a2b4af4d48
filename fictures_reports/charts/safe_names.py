"""Names from results in a chart's specification, as Vega can tell them apart and draw them.

Vega and Vega-Lite look names up in plain JavaScript objects, in which `constructor` and eleven
others are there before anybody puts them in, and write names into expressions, in which a string
ends at U+2028. A test of such a name would keep its chart from being drawn.
"""

from __future__ import annotations

from typing import Any, Final

#: What every JavaScript object has.
RESERVED: Final = frozenset({
    "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__",
    "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
    "toString", "valueOf",
})  # fmt: skip
#: Tells a name from the reserved one and cannot be seen; page.js takes it off again.
_MARK: Final = "\u2060"
_LINE_ENDS: Final = str.maketrans({"\u2028": " ", "\u2029": " "})


def with_safe_names(node: Any) -> Any:
    r"""Return a specification, or a part of one, in which every name can be drawn.

    >>> with_safe_names({"sort": ["constructor", "a\u2028b", "opens"]})
    {'sort': ['constructor\u2060', 'a b', 'opens']}
    """
    if isinstance(node, str):
        return f"{node}{_MARK}" if node in RESERVED else node.translate(_LINE_ENDS)
    if isinstance(node, list):
        return [with_safe_names(part) for part in node]
    if isinstance(node, dict):
        return {key: with_safe_names(part) for key, part in node.items()}
    return node
