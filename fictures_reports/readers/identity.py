"""What changes in each run is taken out of ids: addresses, temporary folders, stamps of writers.

Dates, UUIDs, ports and numbers in a title may tell tests apart, so they stay: only the names of
suites lose theirs, because there it is the writer who puts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from fictures_reports.patterns import Match, Pattern
from fictures_reports.readers.rows import PATH_SEPARATOR, LedgerEntry, Row

#: What stands in an id for what was taken out.
GONE: Final = "…"

#: The address of an object, as Python, JavaScript, Go, Java and .NET print it. Without "at" before
#: it, only what lies where programs keep their objects: 0xdeadbeef may be a test's own number.
_ADDRESSES: Final = (
    Pattern(r"(?P<kept>\bat )0x[0-9A-Fa-f]{5,16}\b", " 0x", "at 0x"),
    Pattern(
        r"(?P<kept>)\b0x(?:7f[0-9a-f]{10}|5[56][0-9a-f]{10}|c0[0-9a-f]{8}|1[0-9a-f]{8}"
        r"|0000[0-9A-Fa-f]{12})\b",
        "0x7f", "0x55", "0x56", "0xc0", "0x1", "0x0000",
    ),
    Pattern(r"(?P<kept>\bid=')\d{8,20}\b", " id='"),
    Pattern(r"(?P<kept>(?:\b[a-z_]\w*\.)+[A-Z]\w*(?:\$\w+)*(?:\[\])?;?@)[0-9a-f]{4,8}\b", "@"),
    Pattern(r"(?P<kept>\[[BCDFIJSZ]@)[0-9a-f]{4,8}\b", "@"),
)  # fmt: skip
#: Folders that a runner or test makes anew for each run.
_TEMPORARY: Final = (
    Pattern(
        r"(?P<kept>pytest-of-)[^/\\\s]+[/\\]+pytest-\d+", "pytest-of-",
    ),
    Pattern(r"(?P<kept>[/\\]tmp)[a-z0-9_]{8}\b", "tmp"),
    Pattern(r"(?P<kept>[/\\]tmp\.)[A-Za-z0-9]{6,10}\b", "tmp."),
    Pattern(r"(?P<kept>[/\\]te?mp[/\\]+[A-Za-z_][\w.]*[-_]?)(?:\d{6,20})\b", "mp", folded=True),
    Pattern(r"(?P<kept>/var/folders/)[^/\s]+/[^/\s]+(?:/T)?\b", "/var/folders/"),
)  # fmt: skip
_DATE: Final = r"20\d\d[-._]?[01]\d[-._]?[0-3]\d"
_TIME: Final = r"[0-2]\d[-:._]?[0-5]\d[-:._]?[0-5]\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
#: The moment or number of a run at the end or beginning of a suite's name, and a UUID anywhere.
_STAMPS: Final = (
    Pattern(rf"(?P<kept>)[-_.:@# ]*[(\[]?{_DATE}[-T_. ]*{_TIME}[)\]]?$", "20"),
    Pattern(rf"(?P<kept>)^{_DATE}[-T_. ]*{_TIME}[-_.: ]+", "20"),
    Pattern(r"(?P<kept>)[-_.:@# ]*[(\[]?1[5-9]\d{8}(?:\d{3})?[)\]]?$", "1"),
    Pattern(
        r"(?P<kept>)[-_.:@# ]*[(\[{]?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}[)\]}]?",
        "-",
    ),
    Pattern(r"(?P<kept>)(?:^|[-_. ]+)[(\[]?(?i:run|build|job)[-_ ]?(?:#\d+|\d{3,})[)\]]?$",
            "run", "build", "job", folded=True),
)  # fmt: skip
#: One of these stands in each text that holds an address or a temporary folder.
_HINTS: Final = ("0x", "id='", "@", "tmp", "pytest-of-", "/var/folders/", "TMP", "emp")


def stable(text: str) -> str:
    """Return a title or path without the addresses and temporary folders in it.

    >>> stable("test_a[<Price object at 0x7fb512284150>]")
    'test_a[<Price object at …>]'
    """
    for hint in _HINTS:
        if hint in text:
            return _without(text, GONE, (*_ADDRESSES, *_TEMPORARY))
    return text


def stable_suite(suite: str) -> str:
    """Return the titles around a test, without addresses and the stamps that a writer adds.

    A name that is equal to the next one without its stamp is said once, one that is nothing but
    a stamp not at all.

    >>> stable_suite("shop.Orders-20261128195017 › shop.Orders › adds")
    'shop.Orders › adds'
    """
    names = stable(suite).split(PATH_SEPARATOR)
    plain = [_without(name, "", _STAMPS) for name in names]
    return PATH_SEPARATOR.join(
        name
        for name, old, following in zip(plain, names, [*plain[1:], None], strict=True)
        if name and (name == old or name != following)
    )


def _without(text: str, mark: str, patterns: Iterable[Pattern]) -> str:
    def replaced(match: Match) -> str:
        return match["kept"] + mark

    for pattern in patterns:
        text = pattern.sub(replaced, text)
    return text


def with_stable_ids(rows: Iterable[Row], entry: LedgerEntry) -> Iterator[Row]:
    """Give the rows with what changes in each run taken out of file, suite and title.

    The ledger names the first id of the file that was changed.
    """
    suites: dict[str, str] = {}
    files: dict[str, str] = {}
    example = ""
    for row in rows:
        if row.suite not in suites:
            suites[row.suite] = stable_suite(row.suite)
        if row.file not in files:
            files[row.file] = stable(row.file)
        named = (files[row.file], suites[row.suite], stable(row.title))
        if named != (row.file, row.suite, row.title):
            example = example or next(
                old
                for old, new in zip((row.title, row.suite, row.file), named[::-1], strict=True)
                if old != new
            )
            row.file, row.suite, row.title = named
        yield row
    if example:
        entry.doubts.append(
            "addresses, temporary folders or stamps, which change in each run, are taken out of"
            f" ids, as in {example!r}"
        )
