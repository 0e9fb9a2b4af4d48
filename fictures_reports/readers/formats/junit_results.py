"""What all JUnit dialects share: outcome children, output, properties, totals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fictures_reports.readers.files.junit_xml import Attributes, Case, Part, Stream
from fictures_reports.readers.rows import Attachment
from fictures_reports.readers.text.clean import clean, with_slashes
from fictures_reports.readers.text.linear import linear
from fictures_reports.readers.text.times import seconds, timestamp

FAILURES = ("failure", "error")
#: surefire, and Playwright with `includeRetries`: failed attempts of a test that passed in the end
FLAKY = ("flakyFailure", "flakyError")
RERUNS = ("rerunFailure", "rerunError")
_ATTACHMENT = linear(r"\n?\[\[ATTACHMENT\|([^\]\n]+)\]\]\n?")
_TYPES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "webm": "video/webm", "mp4": "video/mp4", "zip": "application/zip",
    "md": "text/markdown", "txt": "text/plain", "html": "text/html", "json": "application/json",
}  # fmt: skip


def parts(case: Case, *tags: str) -> list[Part]:
    """Pick a case's children by tag, in order."""
    return [part for part in case.parts if part.tag in tags]


def printed(items: Iterable[Part], tag: str) -> str | None:
    """Join system-out or system-err; the same text twice (pytest does that) counts once."""
    texts = [part.text for part in items if part.tag == tag and part.text.strip()]
    return "\n".join(dict.fromkeys(texts)) if texts else None


def properties(items: Iterable[Part]) -> list[tuple[str, str]]:
    """List the name and value of every <property> below <properties>."""
    return [
        (prop.attributes.get("name", ""), prop.attributes.get("value", prop.text))
        for part in items
        if part.tag == "properties"
        for prop in part.parts
        if prop.tag == "property"
    ]


def properties_as_annotations(case: Case) -> list[dict[str, str]]:
    """Write a case's properties as annotations."""
    if not case.parts:  # as with most
        return []
    return [{"type": key, "description": clean(value)} for key, value in properties(case.parts)]


def take_attachments(text: str | None) -> tuple[str | None, list[Attachment]]:
    """Take "[[ATTACHMENT|path]]" lines out of what a test printed."""
    if not text or "[[ATTACHMENT|" not in text:
        return text, []
    found = [_attachment(path) for path in _ATTACHMENT.findall(text)]
    return _ATTACHMENT.sub("", text) or None, found


def _attachment(path: str) -> Attachment:
    path = with_slashes(path)
    name = path.rsplit("/", 1)[-1]
    return Attachment(name, _TYPES.get(name.rsplit(".", 1)[-1].lower(), ""), path)


def duration(attributes: Attributes, doubts: Doubts) -> float | None:
    """Read the `time` attribute; what cannot be read is unknown and noted."""
    text = attributes.get("time")
    if not text:
        return None
    try:  # the plain case, without a call
        value = float(text)
        if 0.0 <= value < 1e9 and "_" not in text:
            return value
    except ValueError:
        pass
    odd = seconds(text)
    if odd is None:
        doubts.note("times that cannot be read are unknown", text)
    return odd


class Doubts:
    """Doubts that many results share, written once with their number and the first example."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, str]] = {}

    def note(self, doubt: str, example: str = "") -> None:
        """Count one more result with this doubt."""
        count, first = self._counts.get(doubt, (0, example))
        self._counts[doubt] = count + 1, first

    def tell(self) -> list[str]:
        """Say every doubt in words."""
        return [
            f"{doubt} ({count}×, first {clean(example)[:80]!r})"
            if example
            else f"{doubt} ({count}×)"
            for doubt, (count, example) in self._counts.items()
        ]


def totals(stream: Stream) -> dict[str, int]:
    """Add the totals that the file's header states; what it does not state is missing."""
    heads = [stream.root] if "tests" in stream.root else _outermost(stream)
    stated: dict[str, int] = {}
    for name in ("tests", "failures", "errors", "skipped"):
        values = [
            head.get(name, head.get("skips") if name == "skipped" else None) for head in heads
        ]
        if heads and all(value is not None and value.strip().isdecimal() for value in values):
            stated[name] = sum(int(value) for value in values if value is not None)
    return stated


def _outermost(stream: Stream) -> list[Attributes]:
    return [suite.attributes for suite in stream.suites if suite.above is None]


#: A result with one of these statuses may be what a header counts as a failure or an error.
MAY_HAVE_FAILED: Final = frozenset(["failed", "flaky", "xfailed", "xpassed", "interrupted"])


def compare_totals(
    stream: Stream, counted: dict[str, int], doubts: list[str], *, fails: bool
) -> list[str]:
    """Note where the header's totals differ from what was counted; return what is missing.

    `fails` says whether anything in the file failed, if only on a try: writers count failures in
    many ways, but where the header has some and the file none, they were lost.
    """
    missing: list[str] = []
    if stream.cut:
        return missing
    header = totals(stream)
    n_failures = header.get("failures", 0) + header.get("errors", 0)
    if n_failures and not fails:
        missing.append(f"the header says {n_failures} failures, the file holds 0")
        doubts += missing
    for name, stated in header.items():
        if name in counted and stated != counted[name]:
            text = f"the header says {stated} {name}, the file holds {counted[name]}"
            if text not in doubts:
                doubts.append(text)
            if name == "tests" and stated > counted[name]:
                missing.append(text)
    return missing


def started(stream: Stream, doubts: list[str]) -> float | None:
    """Find the earliest timestamp of the file's suites."""
    texts = [stream.root.get("timestamp", "")]
    texts += [suite.attributes.get("timestamp", "") for suite in stream.suites]
    read = {text: timestamp(text) for text in dict.fromkeys(texts) if text}
    unreadable = [text for text, (moment, _) in read.items() if moment is None]
    if unreadable:
        doubts.append(f"timestamps that cannot be read: {unreadable[0][:40]!r}")
    moments = [(moment, zoned) for moment, zoned in read.values() if moment is not None]
    if any(not zoned for _, zoned in moments):
        doubts.append("timestamps have no time zone; taken as UTC")
    return min((moment for moment, _ in moments), default=None)
