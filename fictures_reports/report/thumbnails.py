"""The picture that stands for a cause: what a page looked like when one of its tests ended."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.attachments import Budget, attached
from fictures_reports.report.evidence import folders_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fictures_reports.run import Run

#: Pixels of the picture in a card; the overview shows it smaller.
_SIZE: Final = (600, 340)
_QUALITY: Final = 60
#: Results of a cause that are looked at for a picture.
_MOST_TRIED: Final = 3
#: What a comparison of screenshots is best recognised by.
_BEST: Final = ("diff", "actual", "expected")


@dataclass(frozen=True)
class Thumbnail:
    """A small picture as a data URI; "" where the page was blank."""

    uri: str
    title: str


def thumbnail(rows: Iterable[Any], run: Run) -> Thumbnail | None:
    """Return the first picture that one of these results of a run has; None where none has one."""
    # Only what lies with the results is opened, as for the evidence.
    budget = Budget(folders_of(run))
    for row in list(rows)[:_MOST_TRIED]:
        if uri := _picture(row.attachments, budget):
            return Thumbnail(_small(uri), str(row.title))
    return None


def _picture(attachments: Any, budget: Budget) -> str:
    if not isinstance(attachments, list) or not attachments:
        return ""
    found = attached(attachments, budget)
    for sides in found.compared.values():
        for side in _BEST:
            if side in sides and sides[side].uri:
                return sides[side].uri
    return next((picture.uri for picture in reversed(found.shown)), "")


def _small(uri: str) -> str:
    from PIL import Image

    content = base64.b64decode(uri.partition(",")[2])
    # it was checked when it was attached
    with Image.open(io.BytesIO(content)) as image:
        shown = image.convert("RGB")
    if shown.getcolors(1) is not None:
        return ""
    width, height = shown.size
    shown = shown.crop((0, 0, width, min(height, round(width * _SIZE[1] / _SIZE[0]))))
    shown.thumbnail(_SIZE)
    into = io.BytesIO()
    shown.save(into, "WEBP", quality=_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(into.getvalue()).decode()}"
