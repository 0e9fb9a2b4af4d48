"""Pictures that fit into a page: checked, and made smaller where there is no room for them."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Pixels of the largest picture that is decoded; as many take 200 MB.
MOST_PIXELS: Final = 50_000_000
#: Pixels of the widest picture in a page; widths that are tried one after the other, and the
#: largest height that WebP has.
WIDEST: Final = 1280
_WIDTHS: Final = (WIDEST, 1000, 800, 680, 500, 360, 240, 120, 60)
_TALLEST: Final = 16_383
_QUALITY: Final = 75
#: Formats that are asked for; the others that Pillow knows are no screenshots.
_FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP")


class BadPicture(Exception):
    """A picture that cannot be shown; its text says why, as a note beside its name."""


def check(content: bytes) -> int:
    """Return a picture's width in pixels.

    Raises `BadPicture` where a browser could not show it, or only with much memory.
    """
    with _opened(content) as image:
        width = int(image.size[0])
    try:
        with _quiet():
            _image(content).verify()
    except Exception as error:  # Pillow raises whatever its decoders raise
        raise BadPicture("not shown: the picture is broken") from error
    return width


def smaller(content: bytes, most: int) -> bytes:
    """Make a picture of at most so many bytes, as WebP; the smallest there is if none fits.

    Raises `BadPicture` if it cannot be decoded.
    """
    with _opened(content) as image:
        try:
            flat = image.convert("RGBA" if _is_transparent(image) else "RGB")
        except Exception as error:  # Pillow raises whatever its decoders raise
            raise BadPicture("not shown: the picture is broken") from error
    written = b""
    for size in _sizes(*flat.size):
        written = _written(flat.resize(size))
        if len(written) <= most:
            break
    return written


def _sizes(width: int, height: int) -> Iterator[tuple[int, int]]:
    """Give the sizes to try, the largest first, all of one shape."""
    largest = min(1.0, _TALLEST / height, _TALLEST / width)
    for wide in _WIDTHS:
        scale = min(largest, wide / width)
        yield max(1, int(width * scale)), max(1, int(height * scale))


def _written(image: Any) -> bytes:
    into = io.BytesIO()
    image.save(into, "WEBP", quality=_QUALITY)
    return into.getvalue()


def _is_transparent(image: Any) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _opened(content: bytes) -> Any:
    """Read a picture's head: its pixels are decoded later, if there are not too many."""
    try:
        with _quiet():
            image = _image(content)
    except Exception as error:  # Pillow raises whatever its decoders raise
        too_large = "pixels" in str(error)
        raise BadPicture(
            "not shown: too many pixels" if too_large else "not shown: the picture is broken"
        ) from error
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise BadPicture(f"not shown: {width:,} × {height:,} pixels")
    return image


def _image(content: bytes) -> Any:
    # 40 ms, which only reports with pictures need to take
    from PIL import Image

    return Image.open(io.BytesIO(content), formats=_FORMATS)


def _quiet() -> warnings.catch_warnings[None]:
    """Keep Pillow's warnings off stderr: what is wrong with a picture stands beside its name."""
    return warnings.catch_warnings(action="ignore")
