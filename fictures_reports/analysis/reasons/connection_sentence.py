"""How a connection failed and with whom, whatever browser or client worded it."""

from __future__ import annotations

from typing import Final

from fictures_reports.failures.shown_values import shortened
from fictures_reports.patterns import Pattern

#: Words of browsers, drivers and clients, in small letters, and what they mean.
_MEANINGS: Final = (
    (("connection_refused", "econnrefused", "connection refused", "could not connect to server",
      "actively refused", "connectexception"), "connection refused"),
    (("name_not_resolved", "enotfound", "unknown_host", "eai_again", "getaddrinfo",
      "name or service not known", "nodename nor servname", "could not resolve host",
      "temporary failure in name resolution", "unknownhostexception"), "host name not found"),
    (("internet_disconnected", "err_network_changed", "ns_error_offline",
      "network is unreachable", "enetunreach"), "no network"),
    (("connection_reset", "econnreset", "connection reset", "socket hang up", "net_reset",
      "net_empty_response", "empty_response", "connection_closed", "remotedisconnected",
      "connection aborted"), "connection broken off"),
    (("cert_", "certificate", "ssl_error", "sslerror"), "certificate not accepted"),
    (("too_many_redirects", "redirect_loop", "toomanyredirects", "maximum redirect"),
     "redirected without end"),
    (("etimedout", "connection_timed_out", "net_timeout", "connection timed out"),
     "no answer in time"),
)  # fmt: skip
_URL = Pattern(r"\b(?:https?|wss?)://(?P<host>[^\s/\"'<>)\]]+)", "://")
_HOST = Pattern(
    r"(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET) (?P<host>[\w.:\[\]-]+)"
    r"|host=['\"](?P<python>[\w.-]+)['\"], port=(?P<port>[0-9]+)"
    r"|server at \"(?P<db>[\w.:-]+)\", port (?P<dbport>[0-9]+)",
    "ECONNREFUSED ", "ENOTFOUND ", "EAI_AGAIN ", "ETIMEDOUT ", "ECONNRESET ", "host=", "server at ",
)  # fmt: skip


def connection_failed(message: str) -> str:
    """Say how a connection failed and with whom; "" where the words are not known."""
    small = message[:4000].casefold()
    how = next((meaning for words, meaning in _MEANINGS if any(w in small for w in words)), "")
    if not how:
        return ""
    host = _host(message[:4000])
    return f"{how}: {shortened(host)}" if host else how


def _host(message: str) -> str:
    if found := _HOST.search(message):
        port = found["port"] or found["dbport"]
        return found["host"] or f"{found['python'] or found['db']}:{port}"
    found = _URL.search(message)
    return found["host"] if found else ""
