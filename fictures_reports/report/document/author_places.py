"""Places in a document for its author's words, with marks around them that Markdown hides.

    <!-- edit: Summary 1f2e3d4c -->
    …
    <!-- /edit -->

The mark has a hash of what was written there, so that an edit can be seen and kept.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from fictures_reports.report.document.mark_names import mark_name

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput

BEGIN: Final = "<!-- edit: "
END: Final = "<!-- /edit -->"


def hashed(text: str) -> str:
    """Return a short hash of a text, blanks around it left out."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()[:8]


def place(d: DocumentInput, name: str, *, lead: str = "", always: bool = False) -> str:
    """Write what an author says under a name, between its marks; "" if that is nothing.

    `lead` stands before it. With `always` an empty place is written too: here people write. What
    was edited in an older document comes before the notes.
    """
    noted = d.notes.text(name)
    words = d.kept_edits.get(mark_name(name), noted).strip("\n")
    if not words and not always:
        return ""
    begin = f"{BEGIN}{mark_name(name)} {hashed(noted)} -->"
    if not words:
        return f"{begin}\n{END}"
    return "\n".join([*([lead, ""] if lead else []), begin, "", words, END])
