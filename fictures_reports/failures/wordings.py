"""One cause in many wordings: what browsers, drivers and versions say of the same thing.

net::ERR_CONNECTION_REFUSED at http://localhost:3000/cart   Chromium
NS_ERROR_CONNECTION_REFUSED … navigating to "http://…"       Firefox
connect ECONNREFUSED 127.0.0.1:3000                          Node
    all three: connection refused: localhost:3000
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.failures.addresses import host_in, origin_in
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from fictures_reports.patterns import Match

#: Longest first line that is looked at.
_LINE: Final = 2_000

#: What a browser, driver or client says where the network fails, and whether the port counts.
_NETWORK: Final[tuple[tuple[str, Callable[[str], str], Pattern], ...]] = (
    (
        "connection refused", origin_in,
        Pattern(
            r"(?i)ERR_CONNECTION_REFUSED|NS_ERROR_CONNECTION_REFUSED|ECONNREFUSED|WinError 10061"
            r"|could not connect to (?:the )?server|connection refused|actively refused"
            r"|\[Errno (?:111|61|10061)\]|connection to \S{1,200} refused"
            r"|about:neterror\?e=connectionFailure",
            "connection_refused", "econnrefused", "10061", "connect to", "refused", "[errno ",
            "about:neterror", folded=True,
        ),
    ),
    (
        "host name not resolved", host_in,
        Pattern(
            r"(?i)ERR_NAME_NOT_RESOLVED|NS_ERROR_UNKNOWN_HOST|\bENOTFOUND\b|\bEAI_AGAIN\b"
            r"|NameResolutionError|UnknownHostException|name or service not known|no such host\b"
            r"|could not resolve host|hostname could not be found|getaddrinfo failed"
            r"|temporary failure in name resolution",
            "name_not_resolved", "unknown_host", "enotfound", "eai_again", "nameresolution",
            "unknownhost", "not known", "no such host", "could not", "getaddrinfo", "resolution",
            folded=True,
        ),
    ),
    (
        "connection reset", origin_in,
        Pattern(
            r"(?i)ERR_CONNECTION_RESET|NS_ERROR_NET_RESET|\bECONNRESET\b"
            r"|connection reset by peer|network connection was lost|socket hang up",
            "connection_reset", "net_reset", "econnreset", "connection reset", "was lost",
            "hang up",
            folded=True,
        ),
    ),
    (
        "offline", lambda _: "",
        Pattern(
            r"(?i)ERR_INTERNET_DISCONNECTED|NS_ERROR_OFFLINE|connection appears to be offline",
            "internet_disconnected", "ns_error_offline", "be offline", folded=True,
        ),
    ),
    (
        "empty response", origin_in,
        Pattern(
            r"ERR_EMPTY_RESPONSE|NS_ERROR_NET_EMPTY_RESPONSE|Empty reply from server",
            "EMPTY_RESPONSE", "Empty reply",
        ),
    ),
    (
        "connection timed out", origin_in,
        Pattern(
            # a pool of connections says ", connection timed out": no server is meant
            r"ERR_CONNECTION_TIMED_OUT|NS_ERROR_NET_TIMEOUT|\bETIMEDOUT\b"
            r"|\[Errno (?:110|60)\]|: Connection timed out",
            "CONNECTION_TIMED_OUT", "NET_TIMEOUT", "ETIMEDOUT", "[Errno ", ": Connection timed",
        ),
    ),
    (
        "certificate not trusted", host_in,
        Pattern(
            r"ERR_CERT_AUTHORITY_INVALID|SEC_ERROR_UNKNOWN_ISSUER|SELF_SIGNED_CERT"
            r"|self[- ]signed certificate|certificate for this server is invalid",
            "CERT_AUTHORITY", "UNKNOWN_ISSUER", "SELF_SIGNED", "signed certificate",
            "is invalid",
        ),
    ),
    (
        "certificate expired", host_in,
        Pattern(
            r"ERR_CERT_DATE_INVALID|SEC_ERROR_EXPIRED_CERTIFICATE|CERT_HAS_EXPIRED"
            r"|certificate (?:for this server )?(?:has|is) expired",
            "CERT_DATE", "EXPIRED", "expired",
        ),
    ),
    (
        "certificate for another host", host_in,
        Pattern(
            r"ERR_CERT_COMMON_NAME_INVALID|SSL_ERROR_BAD_CERT_DOMAIN|ERR_TLS_CERT_ALTNAME_INVALID"
            r"|does not match certificate's altnames|Hostname mismatch",
            "COMMON_NAME", "BAD_CERT", "ALTNAME", "altnames", "mismatch",
        ),
    ),
)  # fmt: skip
#: What a failed connection is called where the server is not named.
NETWORK_WORDS: Final = tuple(words for words, _, _ in _NETWORK)
_CLOSED = Pattern(
    r"Target(?: page, context or browser has been)? closed|(?:Browser|Page|Context) has been closed"
    r"|: Page closed|Navigation failed because page was closed",
    "closed",
)  # fmt: skip
_CRASHED = Pattern(r"(?:[Pp]age|Target|[Tt]ab) crashed", "crashed")
_READING: Final = "TypeError: Cannot read properties of {} (reading '{}')"
#: What engines say of the same mistake, and how Chromium says it today.
_ENGINES: Final[tuple[tuple[Pattern, Callable[[Match], str]], ...]] = (
    (
        Pattern(
            r"Cannot read propert(?:ies|y) of (undefined|null) \(reading '([^'\n]*)'\)",
            "Cannot read prop",
        ),
        lambda found: _READING.format(found[1], found[2]),
    ),
    (
        Pattern(r"Cannot read property '([^'\n]*)' of (undefined|null)", "Cannot read property"),
        lambda found: _READING.format(found[2], found[1]),
    ),
    (
        Pattern(
            r"(undefined|null) is not an object \(evaluating '[^'\n]*?[.\[]([\w$]+)\]?'\)",
            "is not an object",
        ),
        lambda found: _READING.format(found[1], found[2]),
    ),
    (
        Pattern(
            r"can't access property \"?([\w$]+)\"?, [^\n]{1,200}? is (undefined|null)",
            "access property",
        ),
        lambda found: _READING.format(found[2], found[1]),
    ),
    (
        Pattern(
            r"TypeError: ([\w$.()\[\]]+) is not a function(?:\. \(In |\z)", "is not a function"
        ),
        lambda found: f"TypeError: {found[1]} is not a function",
    ),
    (
        Pattern(r"Can't find variable: ([\w$]+)", "find variable"),
        lambda found: f"ReferenceError: {found[1]} is not defined",
    ),
    (
        Pattern(
            r"TypeError: (?:Failed to fetch|NetworkError when attempting to fetch resource\.?"
            r"|Load failed)\z",
            "Failed to fetch", "NetworkError when", "Load failed",
        ),
        lambda _: "TypeError: Failed to fetch",
    ),
    (
        Pattern(
            r"Unexpected token '?<'?(?:,| in JSON)|JSON Parse error: Unrecognized token '<'"
            r"|JSON\.parse: unexpected character at line 1 column 1",
            "Unexpected token", "JSON",
        ),
        lambda _: "SyntaxError: Unexpected token '<' at the beginning is not valid JSON",
    ),
    (
        Pattern(r"Executable doesn't exist at", "Executable doesn't"),
        lambda _: "Executable doesn't exist: Playwright's browsers are not installed",
    ),
    (
        Pattern(r"Cannot find module ['\"]([^'\"\n]+)['\"]", "Cannot find module"),
        lambda found: f"Cannot find module '{found[1]}'",
    ),
    # Selenium's drivers each word it in their own way
    (
        Pattern(
            r"Unable to locate element: (?:\{\"method\":\"[^\"\n]*\", *\"selector\":"
            r"\"((?:[^\"\\\n]|\\.)*)\"\}|([^\n;{]+))",
            "Unable to locate element: ",
        ),
        lambda found: f'no such element: {{"selector":"{found[1] or found[2].strip()}"}}',
    ),
    (
        Pattern(r"SecurityError: [^\n]*", "SecurityError: "),
        lambda found: found[0],
    ),
)  # fmt: skip
_STRICT = Pattern(
    r"strict mode violation: ([^\n]+?) resolved to \d+ elements", "strict mode violation: "
)
# A test's own assertion may quote any of these: it is about what the test expected.
_ASSERTED = Pattern(
    r"\A(?:[\w.]*Assert\w*(?:Error|Exception)?\b|assert |(?:Error: )?expect[(.]|Expected "
    r"|Failed: )",
    "ssert",
    "xpect",
    "Failed: ",
)


def network_cause(text: str) -> str | None:
    """Return the cause of a failed connection in words, with the server where it is named."""
    line = _first_line(text)
    if _ASSERTED.search(line):
        return None
    for words, place, pattern in _NETWORK:
        if pattern.search(line):
            where = place(text)
            return f"{words}: {where}" if where else words
    if _CRASHED.search(line):
        return "the page crashed"
    return "Target page, context or browser has been closed" if _CLOSED.search(line) else None


def strict_mode(text: str) -> str | None:
    """Return which locator stands for several elements; how many they are says nothing."""
    found = _STRICT.search(text)
    return f"strict mode violation: several elements\nLocator: {found[1]}" if found else None


def engine_wording(text: str) -> str | None:
    """Return what a script engine or driver says of a mistake, in one wording for all."""
    line = _first_line(text)
    if _ASSERTED.search(line):
        return None
    for pattern, worded in _ENGINES:
        found = pattern.search(line)
        if found:
            return worded(found)
    return None


def _first_line(text: str) -> str:
    return text.lstrip().partition("\n")[0][:_LINE].rstrip()
