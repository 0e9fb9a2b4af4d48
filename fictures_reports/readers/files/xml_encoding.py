"""In which encoding an XML file is: what it declares, what its first bytes say, what decodes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final

from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.text.clean import encoding_of
from fictures_reports.readers.text.linear import SPACE, linear

CHUNK = 1 << 17
#: the declaration stands in the first bytes
_BEGINNING: Final = 1024
_DECLARED = linear(rf"""<\?xml[^>]*?encoding[{SPACE}]*=[{SPACE}]*["']([A-Za-z0-9_.:-]+)["']""")
_UTF8 = linear(r"(?i)^(?:utf-?8(?:-sig)?|us-ascii|ascii)$")
_OTHER_ENCODINGS = linear(
    r"(?i)^(?:iso-?8859-\d+|latin-?1|windows-125\d|cp125\d|gbk|gb2312|gb18030|big5|shift_jis|euc-jp"
    r"|euc-kr|koi8-r)$"
)


class OddEncoding(Exception):
    """An encoding that the parser cannot be trusted with, or may not know."""


def chunks(source: Source) -> Iterator[bytes]:
    """Give the file as it is, piece by piece."""
    with source.open() as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def trusted_chunks(source: Source) -> Iterator[bytes]:
    """Give the file as it is; raises `OddEncoding` unless it is UTF-8 or has UTF-16's mark."""
    head = source.head(_BEGINNING)
    encoding = encoding_of(head[:4])
    if encoding not in ("utf-8", "utf-8-sig", "utf-16"):
        raise OddEncoding(f"is in {encoding.upper()} without a mark")
    name = _declared(head) or encoding
    if encoding != "utf-16" and not _UTF8.match(name):
        raise OddEncoding(f"declares the encoding {name}")
    return chunks(source)


def decoded_chunks(source: Source, doubts: list[str]) -> Iterator[str]:
    """Give the file as text, by its mark or what it declares, if it decodes, else Windows-1252.

    The last piece may be empty. An encoding that turned out wrong is said in `doubts`.
    """
    decoder = codecs.getincrementaldecoder(_encoding(source, doubts))("replace")
    for chunk in chunks(source):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _declared(head: bytes) -> str | None:
    declared = _DECLARED.search(head.decode("latin-1"))
    return declared[1] if declared else None


def _encoding(source: Source, doubts: list[str]) -> str:
    head = source.head(_BEGINNING)
    by_mark = encoding_of(head[:4])
    if by_mark != "utf-8":
        return by_mark
    name = _declared(head) or "utf-8"
    if not _OTHER_ENCODINGS.match(name):
        name = "utf-8"
    if _decodes(source, name):
        return name
    doubts.append(f"its text is not {name.upper()}; read as Windows-1252")
    return "cp1252"


def _decodes(source: Source, encoding: str) -> bool:
    """Try an encoding; a character cut in two by the end of the file is no reason against it."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for chunk in chunks(source):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True
