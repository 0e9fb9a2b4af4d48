"""Files named below their project, where a format gives the paths of the machine that ran them.

/srv/app/src/a.test.ts, /srv/app/e2e/b.test.ts → src/a.test.ts, e2e/b.test.ts
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Final

#: Folders that a project has at its top: what stands above the first of them is the machine's.
_TOPS: Final = (
    "src", "test", "tests", "__tests__", "spec", "specs", "e2e", "packages", "apps", "lib",
)  # fmt: skip


def project_root(paths: Sequence[str]) -> str:
    """Find the project's folder: what the files have in common, down to a folder such as src.

    Paths have forward slashes.

    >>> project_root(["/srv/app/src/ui/a.js", "/srv/app/src/ui/b.js"])
    '/srv/app'
    """
    folders = [posixpath.dirname(path).split("/") for path in paths]
    common = posixpath.commonprefix(folders)
    first = next((i for i, folder in enumerate(common) if folder in _TOPS), len(common))
    return "/".join(common[:first])


def below(root: str, path: str) -> str:
    """Name a file below the project's folder.

    >>> below("/srv/app", "/srv/app/src/a.js"), below("", "src/a.js")
    ('src/a.js', 'src/a.js')
    """
    return path.removeprefix(f"{root}/") if root else path
