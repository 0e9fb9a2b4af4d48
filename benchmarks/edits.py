"""Edits of real titles whose truth is known: moves, renamed describes, edits within a file.

The titles are those of tests/genuine, of runs/ and, where it is there, of the corpus beside the
project. Beside each edit one test in fifty (at least one) is really removed and another really
added: tests of the same suite that are left out on one side. For controls it is one in ten, and
nothing is edited.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fictures_reports.analysis.moves import moved
from fictures_reports.analysis.renames import matched
from fictures_reports.errors import ReportsError
from fictures_reports.readers.read import read
from fictures_reports.readers.rows import PATH_SEPARATOR, case_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
KINDS = ("moves", "renamed describes", "edits within a file")
#: cases of a suite: fewer tell nothing, more are cut to this many
FEWEST, MOST = 12, 400
#: one test in so many is removed and another added, in controls and beside an edit
CHANGED, BESIDE = 10, 50


def suites(corpus: Path = CORPUS) -> list[pd.DataFrame]:
    """Read real suites, the longest of each project; cases that occur twice are left out."""
    found: dict[str, pd.DataFrame] = {}
    with tempfile.TemporaryDirectory() as folder:
        for packed in sorted(ROOT.glob("tests/genuine/runs/*/run1.tar.xz")):
            shutil.unpack_archive(packed, Path(folder, packed.parent.name), filter="data")
        paths = [(path.parts[-2], path) for path in sorted(Path(folder).glob("*/*"))]
        paths += [("runs", path) for path in sorted((ROOT / "runs").iterdir()) if path.is_dir()]
        paths += [(path.parts[-2], path) for path in sorted(corpus.glob("*/*/*"))]
        for project, path in paths:
            try:
                results, _, _ = read(path)
            except ReportsError:
                continue
            rows = results[results["file"] != ""].drop_duplicates("test_id").head(MOST)
            if len(rows) >= FEWEST and len(rows) > len(found.get(project, ())):
                found[project] = rows.reset_index(drop=True)
    return list(found.values())


def _words(rng: random.Random, text: str, vocabulary: list[str]) -> str:
    """Change one word of a text, as people do."""
    mark = "_" if "_" in text and " " not in text else " "
    words = text.split(mark)
    at = rng.randrange(len(words))
    kind = rng.choice(["replace", "add", "drop", "typo", "swap"])
    if kind == "drop" and len(words) > 2:
        del words[at]
    elif kind == "add":
        words.insert(at + 1, rng.choice(vocabulary))
    elif kind == "typo" and len(words[at]) > 4:
        i = rng.randrange(1, len(words[at]) - 1)
        words[at] = words[at][:i] + words[at][i + 1 :]
    elif kind == "swap" and len(words) > 2:
        other = (at + 1) % len(words)
        words[at], words[other] = words[other], words[at]
    else:
        words[at] = rng.choice(vocabulary)
    return mark.join(words)


def _edited(
    rng: random.Random, rows: pd.DataFrame, kind: str, vocabulary: list[str]
) -> pd.DataFrame | None:
    """Return the rows with one edit of a kind; None where the suite has nothing for it."""
    rows = rows.copy()
    file = rng.choice(sorted(set(rows["file"])))
    inside = rows.index[rows["file"] == file]
    if kind == "moves":
        folder, _, name = file.rpartition("/")
        stem, dot, ending = name.partition(".")
        new = rng.choice([
            f"{folder}/{rng.choice(vocabulary)}/{name}".lstrip("/"),
            f"{rng.choice(vocabulary)}/{name}",
            f"{folder}/{_words(rng, stem, vocabulary)}{dot}{ending}".lstrip("/"),
            rng.choice(sorted(set(rows["file"]))),
        ])  # fmt: skip
        some = rng.random() < 0.3
        chosen = rng.sample(list(inside), min(len(inside), 3)) if some else list(inside)
        rows.loc[chosen, "file"] = new
    elif kind == "renamed describes":
        described = sorted(set(rows.loc[inside, "suite"]) - {""})
        if not described:
            return None
        suite = rng.choice(described)
        parts = suite.split(PATH_SEPARATOR)
        at = rng.randrange(len(parts))
        parts[at] = _words(rng, parts[at], vocabulary)
        chosen = [i for i in inside if rows.loc[i, "suite"] == suite]
        rows.loc[chosen, "suite"] = PATH_SEPARATOR.join(parts)
    else:
        for i in rng.sample(list(inside), min(len(inside), rng.randint(1, 4))):
            title, bracket, rest = rows.loc[i, "title"].partition("[")
            rows.loc[i, "title"] = _words(rng, title, vocabulary) + bracket + rest
    return rows


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """Name the cases after their parts, as a reader does."""
    parts = zip(rows["file"], rows["suite"], rows["title"], strict=True)
    tests = [PATH_SEPARATOR.join(part for part in names if part) for names in parts]
    cases = [case_of(t, p or "", "") for t, p in zip(tests, rows["project"], strict=True)]
    return rows.assign(case_id=pd.Series(cases, index=rows.index, dtype="str"), variant="")


def _run_again(rng: random.Random, rows: pd.DataFrame) -> pd.DataFrame:
    """Let tests take other times, and some end otherwise."""
    noise = np.exp([rng.gauss(0, 0.2) for _ in range(len(rows))])
    flips = [rng.random() < 0.03 for _ in range(len(rows))]
    other = rows["status"].map({"failed": "passed", "passed": "failed"}).fillna("passed")
    return rows.assign(
        duration_s=rows["duration_s"] * noise, status=rows["status"].mask(flips, other),
        message=rows["message"].mask(flips, "Error: something else broke"),
    )  # fmt: skip


def _counts(before: pd.DataFrame, after: pd.DataFrame, truth: dict[str, str]) -> tuple[int, int]:
    """Count the pairs that are found, and of these those that are right."""
    move = moved(before, after)
    pairs = dict(move.ids) if move else {}
    old = before.assign(case_id=before["case_id"].replace(pairs))
    pairs |= {one.case_id: other.case_id for one, other, *_ in matched(old, after)}
    return len(pairs), sum(truth.get(one) == other for one, other in pairs.items())


def draw(
    rng: random.Random, suite: pd.DataFrame, kind: str | None, vocabulary: list[str]
) -> tuple[int, int, int] | None:
    """Edit a suite: pairs found, right ones, and true ones (of a control, tests removed)."""
    share = CHANGED if kind is None else BESIDE
    held = rng.sample(list(suite.index), max(1, len(suite) // share) * 2)
    removed, added = held[::2], held[1::2]
    whole = _named(suite)
    edited = whole if kind is None else _edited(rng, whole, kind, vocabulary)
    if edited is None:
        return None
    after = _named(edited)
    kept = whole.index.difference(held)
    truth = {
        old: new for old, new in zip(whole.loc[kept, "case_id"], after.loc[kept, "case_id"],
                                     strict=True) if old != new
    }  # fmt: skip
    if kind is not None and (not truth or after["case_id"].duplicated().any()):
        return None
    before = _run_again(rng, whole.drop(index=added))
    n, right = _counts(before, _run_again(rng, after.drop(index=removed)), truth)
    return n, right, len(truth) if kind is not None else len(removed)


def measured(seed: int, n: int) -> Iterator[tuple[str, int, int]]:
    """Measure `n` edits of each kind, and controls: what was asked, right, and of how many."""
    rng, found = random.Random(seed), suites()
    titles: Any = pd.concat(found)["title"]
    vocabulary = sorted({w for t in titles for w in t.replace("_", " ").split() if w.isalpha()})
    yield "(for information)  real suites, of all that can be read", len(found), len(found)
    n_pairs = n_right = 0
    for kind in (*KINDS, None):
        drawn: list[tuple[int, int, int]] = []
        while len(drawn) < n:
            one = draw(rng, rng.choice(found), kind, vocabulary)
            drawn += [] if one is None else [one]
        pairs, right, true = (sum(column) for column in zip(*drawn, strict=True))
        if kind is None:
            yield "(at most 0.05)  removed for good and paired", pairs, true
        else:
            n_pairs, n_right = n_pairs + pairs, n_right + right
            yield f"(at least 0.95)  {kind}: pairs that are right", right, pairs
            yield f"(at least 0.80)  {kind}: pairs found", right, true
    yield "(at least 0.95)  all edits: pairs that are right", n_right, n_pairs
