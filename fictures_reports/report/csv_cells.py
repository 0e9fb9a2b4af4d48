"""Texts as cells of a CSV file that a spreadsheet program shows and does not compute."""

from __future__ import annotations

from typing import Final

from fictures_reports.report.terminal_text import printable

#: What begins a formula in Excel, LibreOffice or Google Sheets, the wide forms of Japanese
#: keyboards, too; after OWASP, "CSV Injection".
_BEGINS_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")


def csv_cell(text: object) -> object:
    """Put an apostrophe before a text that would be a formula; what is no text stays as it is.

    >>> csv_cell("=HYPERLINK(1)"), csv_cell("opens"), csv_cell(-1.5)
    ("'=HYPERLINK(1)", 'opens', -1.5)
    """
    if not isinstance(text, str):
        return text
    text = printable(text)
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
