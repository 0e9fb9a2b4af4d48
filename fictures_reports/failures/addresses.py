"""Which server a failure text speaks of; all names of the own machine are one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.patterns import Pattern, Patterns

if TYPE_CHECKING:
    from fictures_reports.patterns import Match

_HOST: Final = r"(?P<host>\[[0-9a-fA-F:]+\]|[A-Za-z0-9_.\-]+)"
#: Where texts name the server, the surest first.
_PLACES: Final = Patterns(
    Pattern(
        rf"navigating to \"(?P<scheme>\w+)://{_HOST}(?::(?P<port>\d+))?", 'navigating to "'
    ),
    Pattern(rf" at (?P<scheme>\w+)://{_HOST}(?::(?P<port>\d+))?", "://"),
    Pattern(rf"host='{_HOST}', port=(?P<port>\d+)(?P<scheme>)", "host='"),
    Pattern(
        r"(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT) (?P<host>::1|[A-Za-z0-9_.\-]+)"
        r"(?::(?P<port>\d+))?(?P<scheme>)",
        "ECONN", "ETIMEDOUT",
    ),
    Pattern(rf"(?:ENOTFOUND|EAI_AGAIN) {_HOST}(?::(?P<port>\d+))?(?P<scheme>)", "ENOTF", "EAI_"),
    Pattern(rf"server at \"{_HOST}\"(?: \([^)\n]*\))?, port (?P<port>\d+)(?P<scheme>)", 'at "'),
    Pattern(rf"\('{_HOST}', (?P<port>\d+)\)(?P<scheme>)", "('"),
    Pattern(rf"\blookup {_HOST}(?P<port>)(?P<scheme>)(?: on |:)", "lookup "),
    Pattern(rf"\bdial \w+ {_HOST}:(?P<port>\d+)(?P<scheme>)", "dial "),
    # Firefox's own page for it, as Selenium names it
    Pattern(rf"u=(?P<scheme>\w+)%3A//{_HOST}(?:%3A(?P<port>\d+))?", "%3A//"),
    Pattern(rf"(?i)connect(?:ion)? to {_HOST}(?: port |:)(?P<port>\d+)(?P<scheme>)", "onnect"),
    Pattern(rf"(?P<scheme>\w+)://{_HOST}(?::(?P<port>\d+))?", "://"),
    Pattern(rf"(?i)(?:resolve|host(?:name)?|UnknownHostException):? '?\"?{_HOST}(?P<port>)"
            r"(?P<scheme>)'?\"?(?:[\s.,;)]|\z)", "resolve", "ost"),
)  # fmt: skip
_DEFAULT: Final = {"http": "80", "ws": "80", "https": "443", "wss": "443"}
#: What stands where a host's name would: "could not resolve hostname".
_NO_NAMES: Final = ("host", "hostname", "name", "server", "the")
_OWN: Final = ("localhost", "::1", "[::1]", "0.0.0.0", "[::]")  # noqa: S104 - a name to look for


def origin_in(text: str) -> str:
    """Return host and port that a text names first by the surest sign; "" where there is none.

    >>> origin_in("connect ECONNREFUSED ::1:3000")
    'localhost:3000'
    """
    found = _found(text)
    if found is None:
        return ""
    host, port = _host(found["host"]), found["port"] or _DEFAULT.get(found["scheme"].lower(), "")
    return f"{host}:{port}" if port and (host == "localhost" or port not in ("80", "443")) else host


def host_in(text: str) -> str:
    """Return the host that a text names; "" where there is none."""
    found = _found(text)
    return _host(found["host"]) if found else ""


def _found(text: str) -> Match | None:
    found = (p.search(text) for p in _PLACES.that_may_match(text))
    return next((m for m in found if m and m["host"].lower() not in _NO_NAMES), None)


def _host(name: str) -> str:
    name = name.lower().rstrip(".")
    return "localhost" if name in _OWN or name.startswith("127.") else name
