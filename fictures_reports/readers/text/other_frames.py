r"""Where other languages' stacks point into the user's own code.

at com.shop.CartTest.sum(CartTest.java:9)              Java, Kotlin, Scala
at Shop.CartTests.Sum() in C:\app\CartTests.cs:line 12 .NET
/srv/app/tests/CartTest.php:12                         PHP
./spec/cart_spec.rb:12:in `block (2 levels)'           Ruby
/srv/app/load_test.go:12 +0x1d                         Go
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from fictures_reports.readers.text.linear import DIGIT, SPACE, WORD, linear

#: Characters of a text and frames of a stack that are looked at.
_LOOKED_AT: Final = 20_000
_MOST_FRAMES: Final = 200
#: What stands in a stack of the language, the place in a frame, and what is not the user's own.
#: The innermost frame comes first in all of them.
_LANGUAGES: Final = (
    (
        (".java:", ".kt:", ".scala:", ".groovy:"),
        linear(
            rf"at (?P<owner>[{WORD}.$/@-]+)\((?P<path>[{WORD}$-]+\.(?:java|kt|scala|groovy))"
            rf":(?P<line>{DIGIT}+)\)"
        ),
        linear(
            r"(?:^|/)(?:javax?|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|org\.codehaus|org\.junit"
            r"|junit|org\.opentest4j|org\.assertj|org\.hamcrest|org\.mockito|org\.testng|org\.gradle"
            r"|worker\.org\.gradle|org\.apache\.maven|org\.scalatest|io\.kotest|org\.spockframework"
            r"|org\.springframework|org\.hibernate|com\.google\.common|okhttp3|io\.netty"
            r"|org\.openqa\.selenium|com\.codeborne|org\.awaitility|io\.restassured)\."
        ),
    ),
    (
        (":line ",),
        linear(
            rf" in (?P<owner>(?P<path>[^\n]+?\.(?:cs|vb|fs))):line (?P<line>{DIGIT}+)"
        ),
        linear(r"^/_/|/(?:xunit|nunit|fluentassertions)[^/]*/|\\\.nuget\\|/\.nuget/"),
    ),
    (
        (".php:", ".php("),
        linear(rf"(?P<owner>(?P<path>(?:[A-Za-z]:)?[{WORD}/\\. -]+\.php))[:(](?P<line>{DIGIT}+)"),
        linear(r"[/\\]vendor[/\\]|^phar:"),
    ),
    (
        (".rb:",),
        linear(rf"(?P<owner>(?P<path>[{WORD}/.-]+\.rb)):(?P<line>{DIGIT}+)"),
        linear(rf"/gems/|/lib/ruby/|/ruby/{DIGIT}"),
    ),
    (
        (".go:",),
        linear(rf"(?:^|[{SPACE}(])(?P<owner>(?P<path>[{WORD}/.@-]+\.go)):(?P<line>{DIGIT}+)"),
        linear(r"/go/src/|/pkg/mod/|/libexec/src/|^testing/"),
    ),
)  # fmt: skip


def place_in(text: str) -> str | None:
    """Return "file:line" of the innermost frame that is the user's own; None if none shows.

    >>> place_in("at org.junit.Assert.fail(Assert.java:89) at shop.CartTest.a(CartTest.java:9)")
    'CartTest.java:9'
    """
    for hints, frame, library in _LANGUAGES:
        if not any(hint in text for hint in hints):
            continue
        for found in islice(frame.finditer(text[:_LOOKED_AT]), _MOST_FRAMES):
            if not library.search(found["owner"]):
                path = found["path"].strip().replace("\\", "/").removeprefix("./")
                return f"{path}:{found['line']}"
    return None
