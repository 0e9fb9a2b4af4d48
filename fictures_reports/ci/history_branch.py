"""A branch that holds a history: one commit without parents, whose files are run files.

Each writer fetches it, adds to its files, and puts one new commit in the place of the old one, if
that is still there; else somebody was faster, and it does so again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from fictures_reports.ci.git import Git, GitError
from fictures_reports.errors import HistoryError
from fictures_reports.history.run_files import ENDING

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_NAME: Final = "fictures-history"
_README: Final = "README.md"
_WORDS: Final = """# Test history

Runs of this repository's tests, one Parquet file each or several packed, kept by
`fictures-reports ci --store branch`. Each build replaces the one commit of this branch: merge
nothing into it and build nothing from it.
"""
#: GitHub, GitLab, Azure, Bitbucket, Buildkite, CircleCI and Travis read the first; Azure the
#: second, too; the last, behind two empty lines, asks GitHub for no checks.
_MESSAGE: Final = "Test history: {n} [skip ci]\n\n***NO_CI***\n\n\nskip-checks: true\n"
#: What stands in git's words where a writer was slower than another, or a server is busy.
_LATE: Final = (
    "stale info", "fetch first", "non-fast-forward", "cannot lock ref", "already exists",
    "failed to update ref", "remote rejected", "reference broken",
)  # fmt: skip
_REFUSED: Final = ("protected", "denied", "not permitted", "not allowed", "error: 403")
#: A hook's no may be for good, or a busy server's.
_DECLINED: Final = "hook declined"


class Late(HistoryError):
    """Another writer was faster."""


class Declined(Late):
    """A hook of the server refused the push without a word on rights."""


@dataclass(frozen=True)
class Tip:
    """The commit that the branch had when it was fetched; "" where there was no branch."""

    commit: str = ""


@dataclass(frozen=True)
class HistoryBranch:
    """A branch of the repository that the current folder is a checkout of."""

    name: str = DEFAULT_NAME
    remote: str = "origin"
    #: `ci.skip` is read by GitLab only; other servers may refuse any
    push_options: tuple[str, ...] = ()
    git: Git = field(default_factory=Git)

    def fetch(self, folder: Path) -> Tip:
        """Put the branch's run files into a folder, in the place of what is there.

        Raises `HistoryError` for a branch that holds anything else: it would be overwritten.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        ref = f"refs/fictures-reports/{token_hex(8)}"
        try:
            self._git(
                "fetch", "--no-tags", "--quiet", self.remote, f"+refs/heads/{self.name}:{ref}"
            )
        except GitError as error:
            if "couldn't find remote ref" in str(error).lower():
                return Tip()
            raise
        try:
            tip = Tip(self.git.line("rev-parse", ref))
            self._copy(tip, folder)
        finally:
            self._git("update-ref", "-d", ref)
        return tip

    def _git(self, *words: str) -> bytes:
        return self.git(*words)

    def _copy(self, tip: Tip, folder: Path) -> None:
        names = self._names(tip)
        for name, blob in names.items():
            if name != _README:
                (folder / name).write_bytes(self._git("cat-file", "blob", blob))

    def _names(self, tip: Tip) -> dict[str, str]:
        """Return name → blob of each file; refuse what is no history."""
        is_orphan = len(self.git.line("rev-list", "--parents", "-n1", tip.commit).split()) == 1
        listed = self._git("ls-tree", "-z", "--full-tree", tip.commit).split(b"\0")
        entries = [entry.decode(errors="replace").split("\t", 1) for entry in listed if entry]
        names = {name: facts.split()[2] for facts, name in entries}
        kinds = {facts.split()[1] for facts, _ in entries}
        if not is_orphan or kinds - {"blob"} or any(not _is_of_history(name) for name in names):
            raise HistoryError(
                f"branch {self.name!r} holds other things than run files and would be overwritten: "
                f"name another one, such as branch:{DEFAULT_NAME}"
            )
        return names

    def push(self, folder: Path, tip: Tip, n_runs: int) -> None:
        """Make the files of a folder the one commit of the branch.

        Raises `Late` or `Declined`, after which another try may get through, or `GitError`.
        """
        commit = self._commit(folder, n_runs)
        where = f"refs/heads/{self.name}"
        options = [f"--push-option={option}" for option in self.push_options]
        lease = f"--force-with-lease={where}:{tip.commit}"
        try:
            self._git("push", "--quiet", "--no-verify", *options, lease, self.remote,
                      f"{commit}:{where}")  # fmt: skip
        except GitError as error:
            words = str(error).lower()
            if any(word in words for word in _REFUSED):
                raise
            if _DECLINED in words:
                raise Declined(str(error)) from error
            if any(word in words for word in _LATE):
                raise Late(str(error)) from error
            raise

    def _commit(self, folder: Path, n_runs: int) -> str:
        lines = []
        for path in sorted(folder.glob(f"*{ENDING}")):
            blob = self.git.line("hash-object", "-w", "--no-filters", str(path.resolve()))
            lines.append(f"100644 blob {blob}\t{path.name}")
        readme = self.git.line("hash-object", "-w", "--stdin", given=_WORDS.encode())
        lines.append(f"100644 blob {readme}\t{_README}")
        tree = self.git.line("mktree", "-z", given="\0".join([*lines, ""]).encode())
        message = _MESSAGE.format(n=f"{n_runs} run{'s' * (n_runs != 1)}")
        return self.git.line("commit-tree", tree, "-F", "-", given=message.encode())

    def heads(self) -> set[str]:
        """Return the names of all branches that the remote has."""
        lines = self.git.line("ls-remote", "--heads", self.remote).splitlines()
        return {line.partition("refs/heads/")[2] for line in lines}


def _is_of_history(name: str) -> bool:
    return name == _README or (name.endswith(ENDING) and not name.startswith("."))
