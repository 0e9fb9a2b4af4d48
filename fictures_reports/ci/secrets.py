"""Masks what looks like a secret, before texts of a run are committed where many can read them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.run import Run

MASK: Final = "***"
#: Tokens that say by their beginning what they are; they are masked in names of tests, too.
_TOKENS: Final = (
    Pattern(r"\bgh[pousr]_[A-Za-z0-9]{20,}", "gh"),
    Pattern(r"\bgithub_pat_[A-Za-z0-9_]{20,}", "github_pat_"),
    Pattern(r"\bgl[a-z]{2,6}-[A-Za-z0-9_\-.]{20,}", "gl"),
    Pattern(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", "AKIA", "ASIA"),
    Pattern(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}", "xox"),
    Pattern(r"\bAIza[A-Za-z0-9_-]{35}", "AIza"),
    Pattern(r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}", "k_live_", "k_test_"),
    Pattern(r"\bsk-[A-Za-z0-9_-]{20,}", "sk-"),
    Pattern(r"\bnpm_[A-Za-z0-9]{30,}", "npm_"),
    Pattern(r"\bpypi-[A-Za-z0-9_-]{40,}", "pypi-"),
    Pattern(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", "eyJ"),
    Pattern(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s\\:,-]*?(?:-----END [A-Z ]*KEY-----|\z)",
        "PRIVATE KEY",
    ),
)  # fmt: skip
#: Words before a value that make it a secret; the group `value` is masked.
_NAMED: Final = (
    Pattern(r"://[^\s/:@'\"]*:(?P<value>[^\s/@'\"]+)@", "://"),
    Pattern(
        r"(?i)\bauthorization[\"']?\s*[:=]\s*[\"']?(?:[a-z]+ )?(?P<value>[A-Za-z0-9+/=._~-]{8,})",
        "authorization", folded=True,
    ),
    Pattern(r"(?i)\b(?:bearer|basic) (?P<value>[A-Za-z0-9+/=._~-]{16,})", "bearer", "basic",
            folded=True),
    Pattern(
        r"(?i)(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|"
        r"private[_-]?key|credentials?)[\"']?\s*[:=]\s*[\"']?(?P<value>[^\s\"'`,;&<>\\*)\]}]{6,})",
        "password", "passwd", "pwd", "secret", "token", "key", "credential", folded=True,
    ),
    Pattern(r"(?i)\b(?:set-)?cookie[\"']?\s*[:=]\s*[\"']?(?P<value>[^\s\"'\\]{8,})", "cookie",
            folded=True),
)  # fmt: skip
_SECRET_NAMES: Final = Pattern(
    r"(?i)(?:token|secret|passw|private_?key|api_?key|access_?key|credential|_pat$|_pwd$)"
)
#: Shorter values of a variable are words that stand anywhere.
_SHORTEST: Final = 8
#: What tests are followed by: a value of one job in there would make it another test in the next.
_NAMES: Final = frozenset({"case_id", "test_id", "title", "suite", "file", "project", "variant"})


@dataclass(frozen=True)
class Secrets:
    """What is masked beside what looks like a token: values of the job's own variables."""

    values: tuple[str, ...] = ()

    @staticmethod
    def of(environment: Mapping[str, str]) -> Secrets:
        """Take the variables that are called like a secret; the longest value comes first."""
        found = {value.strip() for name, value in environment.items() if _SECRET_NAMES.search(name)}
        long_enough = (
            value for value in found if len(value) >= _SHORTEST and value[:1] not in "/."
        )
        return Secrets(tuple(sorted(long_enough, key=len, reverse=True)))

    def masked(self, text: str) -> str:
        """Return a text with `***` in place of all that looks like a secret."""
        for value in self.values:
            text = text.replace(value, MASK)
        for pattern in _NAMED:
            text = pattern.sub(lambda match: match[0].replace(match["value"], MASK), text)
        return without_tokens(text)

    def in_value(self, value: Any) -> Any:
        """Mask the texts within lists and tables; everything else stays as it is."""
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, list | tuple):
            return type(value)(self.in_value(part) for part in value)
        if isinstance(value, dict):
            return {self.in_value(key): self.in_value(part) for key, part in value.items()}
        if isinstance(value, msgspec.Struct):
            return msgspec.structs.replace(value, **self._fields(value))
        return value

    def _fields(self, struct: msgspec.Struct) -> dict[str, Any]:
        return {name: self.in_value(getattr(struct, name)) for name in struct.__struct_fields__}


def without_tokens(text: str) -> str:
    """Mask what says by its beginning that it is a token."""
    for pattern in _TOKENS:
        text = pattern.sub(lambda _: MASK, text)
    return text


def masked_run(run: Run, secrets: Secrets) -> Run:
    """Return the run with its texts masked; ids lose only tokens, so that tests stay the same."""
    info = run.info
    facts = {name: secrets.in_value(getattr(info, name))
             for name in ("errors", "error_places", "environment")}  # fmt: skip
    return replace(
        run,
        results=_masked_frame(run.results, secrets),
        info=msgspec.structs.replace(info, **facts),
        ledger=_masked_frame(run.ledger, secrets),
    )


def _masked_frame(frame: pd.DataFrame, secrets: Secrets) -> pd.DataFrame:
    changed: dict[str, Any] = {
        str(name): _masked_column(
            frame[name], without_tokens if name in _NAMES else secrets.in_value
        )
        for name in frame
        if frame[name].dtype == "object" or str(frame[name].dtype) in ("str", "string")
    }
    return frame.assign(**changed)


def _masked_column(column: pd.Series[Any], mask: Any) -> pd.Series[Any]:
    """Mask a column; texts that come often are looked at once."""
    import pandas as pd

    if column.dtype == "object":
        values = [cell if cell is None else mask(cell) for cell in column]
        return pd.Series(values, index=column.index, dtype="object")
    new = {text: mask(text) for text in column.dropna().unique()}
    return column.map(new).astype(column.dtype) if any(k != v for k, v in new.items()) else column
