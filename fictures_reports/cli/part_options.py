"""Which part of the runs a report is about: the options that choose it, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

only = click.option(
    "--only",
    multiple=True,
    metavar="FIELD=PATTERN",
    help="Only the tests of a project, variant, file, tag, area, case or status, such as "
    "file=cart*. Repeatable: one field's patterns widen, several fields narrow.",
)


def chosen(given: Iterable[str]) -> dict[str, list[str]]:
    """Return the patterns of each field; raise `UsageError` for a text without them.

    >>> chosen(["project=chromium", "project=firefox", "file=cart*"])
    {'project': ['chromium', 'firefox'], 'file': ['cart*']}
    """
    fields: dict[str, list[str]] = {}
    for text in given:
        field, mark, pattern = text.partition("=")
        if not (field and mark and pattern):
            raise click.UsageError(f"--only is {text!r}, expected FIELD=PATTERN, as in file=cart*")
        fields.setdefault(field, []).append(pattern)
    return fields
