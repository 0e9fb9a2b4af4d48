"""For the site: links to files of the repository that are no pages become plain words.

`repo_url` in mkdocs.yml makes them links to the repository instead. mkdocs checks all others.
"""

from __future__ import annotations

import re
from typing import Any

_OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./([^)\s]*)\)")


def on_page_markdown(markdown: str, *, config: Any, **_: Any) -> str:
    """Return a page whose links stay within the site, or lead to the repository."""
    if config.repo_url:
        return _OUTSIDE.sub(rf"[\1]({config.repo_url.rstrip('/')}/blob/main/\2)", markdown)
    return _OUTSIDE.sub(r"\1", markdown)
