"""Failures that say the same, under ids that later runs give again.

Signatures whose core (all but what was received) is equal are one cluster, and the id is a hash
of that core. Near-equal cores are then put together: first within a case, where one failure has
many wordings, then across cases, where headline and locator must be the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import re2

from fictures_reports.failures.cause_names import (
    GROUP,
    LONGEST,
    group_id,
    headline,
    name_of,
    told_apart,
    what_tells_apart,
    without_class,
)
from fictures_reports.failures.page_sentence import LABEL, page_sentence
from fictures_reports.failures.plain_text import plain
from fictures_reports.failures.shown_values import shortened
from fictures_reports.failures.wordings import NETWORK_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

#: Share of words that near-equal cores have in common, within a case and across cases.
ALIKE_IN_CASE: Final = 0.8
ALIKE: Final = 0.88

# What was received differs from run to run; what was expected, and where, does not.
_RECEIVED = re2.compile(
    r"(?m)^[ \t]*(?:Received(?: \w+)?|But was|Actual(?: value)?|Obtained|got) *:[^\n]*(?:\n|\z)"
    r"|^[-+](?: [^\n]*)?(?:\n|\z)|^[ \t]*\+ +(?:where|and) [^\n]*(?:\n|\z)"
)
_NUMBER = re2.compile(r"<(time|id|url|path|ip|hash|n)[0-9]+>")
_WORD = re2.compile(r"[\p{L}\p{N}_<>]+")
_WHERE = re2.compile(r"(?m)^[ \t]*(?:Locator:|-? *waiting for) *([^\n]+)$")
# What was asked for keeps "Expected: true" and "Expected: \"healthy\"" apart.
_ASKED = re2.compile(r"(?m)^[ \t]*((?:Expected|AssertionError: assert|assert)\b[^\n]*)$")
# What `statement_of` and `awaited` wrote: two that differ here are two causes.
_RAISED = re2.compile(r"(?m)^((?:Statement|Place|Wanted|State): [^\n]*)$")
_MEASURED = re2.compile(r"(?m)^(Measured: [^\n]*)$")
_STATUS = re2.compile(r"\b[1-5][0-9][0-9]\b")


#: Case, category and signature of a failure, `None` where it has none.
_Text = tuple[Any, ...]


class Core(NamedTuple):
    """A signature without received values, ready to be compared."""

    id: str
    #: headline, locator and what was asked for: near-equal cores of several cases share it
    head: str
    #: the statement that failed, and statuses: near-equal cores of one case share these
    fixed: str
    words: Counter[str]


@lru_cache(maxsize=2048)
def core_of(signature: str) -> Core:
    """Return what names a failure in its signature."""
    if signature.startswith(GROUP):
        name = name_of(signature)
        return Core(group_id(name), signature, "", Counter())
    text = _RECEIVED.sub("", signature + "\n").strip() or signature
    text = _NUMBER.sub(r"<\1>", text)
    where = _WHERE.search(text)
    asked = _ASKED.search(text)
    raised = _RAISED.findall(text)
    fixed = "\n".join([*raised, *sorted(set(_STATUS.findall(text)))])
    requests = (found.group(1) for found in (where, asked) if found)
    head = "\n".join([headline(text), *requests, *_MEASURED.findall(text), fixed])
    words = Counter(_WORD.findall(text[:1500]))
    return Core(hashlib.sha256(text.encode()).hexdigest()[:12], head, fixed, words)


def clusters(results: pd.DataFrame, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per cluster of failures, the largest first, with an example of each.

    `known` is what this function gave for earlier runs: near-equal texts then join those clusters.
    """
    failed = _failures(results)
    return table_of(failed, cluster_ids(failed, known))


def table_of(
    results: pd.DataFrame, ids: pd.Series[Any], named: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return what `clusters` does of results whose causes' ids are at hand, skips as well.

    `named` has the names that people gave: id → name.
    """
    table = counted_of(results, ids)
    return table.assign(name=_names(results, ids, table, named or {}))[list(_COLUMNS)]


def counted_of(results: pd.DataFrame, ids: pd.Series[Any]) -> pd.DataFrame:
    """Return `table_of` without names, which take most of the time."""
    import pandas as pd

    rows = list(zip(*_members(results, ids, ("signature", *_FIRST)).values(), strict=True))
    if not rows:
        return pd.DataFrame({name: [] for name in _COLUMNS if name != "name"})
    # a member that names the server stands for those that do not
    rows.sort(key=lambda row: row[1] in NETWORK_WORDS)
    members: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        members[row[0]].append(row[1:])
    counted = [_counted(cluster, rows_of_it) for cluster, rows_of_it in members.items()]
    counted.sort(key=lambda row: (-row[1], -row[2], row[0]))
    columns = ("cluster", "n_results", "n_cases", "signature", *_FIRST)
    table = pd.DataFrame(dict(zip(columns, zip(*counted, strict=True), strict=True)))
    kinds = {name: results[name].dtype for name in ("signature", *_FIRST)}
    return table.astype({"cluster": ids.dtype, **kinds})[[n for n in _COLUMNS if n != "name"]]


_WRONG: Final = ("failed", "flaky")
#: of these a table has the first that any member has
_FIRST: Final = ("case_id", "category", "message")


def _counted(cluster: str, rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return a cluster's id, its results, its cases, and of each column the first value."""
    signatures, cases, *others = zip(*rows, strict=True)
    firsts = [next(filter(_is_text, values), None) for values in (signatures, cases, *others)]
    return (cluster, len(rows), len(set(filter(_is_text, cases))), *firsts)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _members(
    results: pd.DataFrame, ids: pd.Series[Any], names: Iterable[str]
) -> dict[str, list[Any]]:
    """Return the columns of the rows that have a cluster, the first of which is the cluster."""
    ids = ids if ids.index.equals(results.index) else ids.reindex(results.index)
    chosen = (ids.notna() & results["signature"].notna()).to_numpy()
    columns = {name: results[name][chosen].tolist() for name in names if name in results}
    return {"cluster": ids[chosen].tolist(), **columns}


def _names(
    results: pd.DataFrame, ids: pd.Series[Any], table: pd.DataFrame, named: Mapping[str, str]
) -> list[str]:
    """Name each cluster by what its members have in common; no two names are the same."""
    columns = _members(results, ids, _NAMING)
    common = {name: _common(columns["cluster"], columns.get(name, [])) for name in _NAMING}
    names, clues = [], []
    for cluster, signature in zip(table["cluster"], table["signature"], strict=True):
        messages = [plain(text) for text in common["message"].get(cluster, ())]
        names.append(named.get(cluster) or _named(signature, messages))
        file, *further = (" and ".join(common[n].get(cluster, ())) for n in _CLUES)
        wanted, place = what_tells_apart(signature)
        clues.append([wanted, file, place, *further, cluster])
    return told_apart(names, clues)


def _named(signature: str, texts: Sequence[str]) -> str:
    """Return a name with the values of its members where all of them have the same."""
    name, first = name_of(signature), headline(signature)
    sentences = {page_sentence(text) for text in texts}
    if page_sentence(signature) and len(sentences) == 1:
        return sentences.pop() or name
    headlines = {headline(text) for text in texts}
    if len(headlines) != 1 or not LABEL.search(first):
        return name
    # the headline as the name shows it, with the values that all members have
    words = LABEL.sub(lambda _: "…", without_class(first))
    return name.replace(words, shortened(without_class(headlines.pop()), LONGEST))


def _common(clusters_of_rows: Iterable[str], values: Iterable[Any]) -> dict[str, list[str]]:
    """Map each cluster to the values of its members; to none where they are more than three."""
    found: dict[str, set[str]] = defaultdict(set)
    for cluster, value in zip(clusters_of_rows, values, strict=False):  # a column may be missing
        if _is_text(value):
            found[cluster].add(value)
    return {cluster: sorted(given) for cluster, given in found.items() if len(given) <= _FEW}


#: What tells causes of one name apart, the most telling first.
_CLUES: Final = ("file", "title", "category")
_NAMING: Final = (*_CLUES, "message")
#: More files or titles than these are no place.
_FEW: Final = 3
_COLUMNS: Final = (
    "cluster", "name", "n_results", "n_cases", "category", "case_id", "message", "signature",
)  # fmt: skip


def cluster_ids(results: pd.DataFrame, known: pd.DataFrame | None = None) -> pd.Series[Any]:
    """Return each row's cluster id; missing where a row has no signature or did not fail."""
    return _ids_of(results, results["status"].isin(_WRONG), known)


def skip_ids(results: pd.DataFrame, known: pd.DataFrame | None = None) -> pd.Series[Any]:
    """Return the cause of each skip that has a reason; missing for other rows."""
    return _ids_of(results, results["status"] == "skipped", known)


def _ids_of(
    results: pd.DataFrame, chosen: pd.Series[bool], known: pd.DataFrame | None
) -> pd.Series[Any]:
    """Return the cluster ids of the chosen rows that have a signature."""
    import pandas as pd

    places = (chosen & results["signature"].notna()).to_numpy(dtype=bool).nonzero()[0]
    if not len(places):
        return pd.Series(index=results.index, dtype="str")
    # lists: few rows failed, and a frame of them would take longer than what is done with it
    columns = (results[name].take(places).tolist() for name in ("case_id", "category", "signature"))
    rows = [tuple(v if _is_text(v) else None for v in row) for row in zip(*columns, strict=True)]
    ids = _merged(dict.fromkeys(rows), known)
    values: list[Any] = [None] * len(results)
    for place, (_, _, signature) in zip(places.tolist(), rows, strict=True):
        values[place] = ids.get(signature)
    return pd.Series(values, index=results.index, dtype="str", name="signature")


def _failures(results: pd.DataFrame) -> pd.DataFrame:
    return results[results["status"].isin(_WRONG) & results["signature"].notna()]


def _merged(distinct: Iterable[_Text], known: pd.DataFrame | None) -> dict[Any, str]:
    """Map every signature to its cluster's id."""
    core = {text: core_of(text) for text in dict.fromkeys(text for _, _, text in distinct)}
    forest = Forest({} if known is None else _seeds(known, core))
    cores = {member.id: member for member in core.values()}
    for pair in _near_in_case(distinct, core):
        forest.join(*pair)
    for pair in chain(_near_across(_category_of(distinct, known), core), _servers_not_named(core)):
        forest.join(*pair)
    return {text: forest.id_of(member.id) for text, member in core.items() if member.id in cores}


def _servers_not_named(core: Mapping[str, Core]) -> Iterator[tuple[str, str]]:
    """Yield failed connections to a server that is not named, with the only server that is."""
    for words in NETWORK_WORDS:
        named = {member.id for text, member in core.items() if text.startswith(f"{words}: ")}
        if words in core and len(named) == 1:
            yield core[words].id, named.pop()


def _seeds(known: pd.DataFrame, core: dict[str, Core]) -> dict[str, str]:
    """Add what was known to the cores, and return the ids that it had."""
    seeds = {}
    for text, cluster in zip(known["signature"], known["cluster"], strict=True):
        core.setdefault(text, core_of(text))
        seeds[core[text].id] = cluster
    return seeds


class Forest:
    """Which cores belong together; the id of a tree is a known one, else its smallest."""

    def __init__(self, known: dict[str, str]) -> None:
        self._known = known
        self._parent: dict[str, str] = {}

    def root(self, node: str) -> str:
        """Return the core that stands for a node's cluster."""
        while (up := self._parent.get(node, node)) != node:
            # point at the grandparent, so that long chains are walked once
            self._parent[node] = node = self._parent.get(up, up)
        return node

    def join(self, a: str, b: str) -> None:
        """Put two clusters together."""
        first, second = sorted(
            (self.root(a), self.root(b)), key=lambda n: (n not in self._known, n)
        )
        if first != second:
            self._parent[second] = first

    def id_of(self, node: str) -> str:
        """Return the id of a node's cluster."""
        root = self.root(node)
        return self._known.get(root, root)


def _near_in_case(distinct: Iterable[_Text], core: Mapping[str, Core]) -> Iterator[tuple[str, str]]:
    places: dict[tuple[Any, Any], list[Any]] = defaultdict(list)
    for case, category, text in distinct:
        if case is not None and category is not None:
            places[case, category].append(text)
    for texts in places.values():
        by_fixed: dict[str, dict[str, Core]] = defaultdict(dict)
        for member in (core[text] for text in texts):
            by_fixed[member.fixed][member.id] = member
        for group in by_fixed.values():
            if len(group) > 1:
                yield from _near(group.values(), ALIKE_IN_CASE)


def _category_of(distinct: Iterable[_Text], known: pd.DataFrame | None) -> dict[Any, Any]:
    found = {}
    if known is not None:
        pairs = zip(known["signature"].tolist(), known["category"].tolist(), strict=True)
        found = {text: category if _is_text(category) else None for text, category in pairs}
    return found | {text: category for _, category, text in distinct}


def _near_across(
    category: Mapping[str, Any], core: Mapping[str, Core]
) -> Iterator[tuple[str, str]]:
    heads: dict[tuple[Any, str], dict[str, Core]] = defaultdict(dict)
    for text, member in core.items():
        heads[category.get(text), member.head][member.id] = member
    for group in heads.values():
        if len(group) > 1:
            yield from _near(group.values(), ALIKE)


def _near(cores: Iterable[Core], alike: float) -> Iterator[tuple[str, str]]:
    """Yield pairs of near-equal cores; only those that share a rare word are compared."""
    ordered = sorted(cores, key=lambda member: member.id)
    seen_in = Counter(word for member in ordered for word in member.words)
    holding: dict[str, list[Core]] = defaultdict(list)
    for member in ordered:
        rare = sorted(member.words, key=lambda word: (seen_in[word], word))
        # two that are alike in this share cannot differ in all of these
        prefix = rare[: int(len(rare) * 2 * (1 - alike)) + 1]
        met: set[str] = set()
        for candidate in (c for word in prefix for c in holding[word]):
            if candidate.id not in met:
                met.add(candidate.id)
                if likeness(member.words, candidate.words) >= alike:
                    yield member.id, candidate.id
        for word in prefix:
            holding[word].append(member)


def likeness(a: Counter[str], b: Counter[str]) -> float:
    """Return the share of words that two texts have in common (Dice), from 0 to 1.

    >>> likeness(Counter("no story found".split()), Counter("no post found".split()))
    0.6666666666666666
    """
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 1.0
