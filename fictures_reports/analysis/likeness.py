"""How alike the titles of tests are: by their words, those that few titles have counting most."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from itertools import islice
from math import log
from typing import TYPE_CHECKING, Final

from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Words alike to this degree (`difflib` ratio, 0–1) are one word: a corrected typing error.
SAME_WORD: Final = 0.8
#: Words shorter than this are never the same word with a typing error.
_SHORTEST: Final = 5
#: Longer titles are compared by their first words.
_MOST_WORDS: Final = 60
#: of Chinese and Japanese each character
_WORD: Final = Pattern(r"\p{Lu}?\p{Ll}+|\p{Lu}+|\p{N}+|\p{Lo}")

Words = Counter[str]


def words_of(title: str) -> Words:
    """Count the words of a title, of camelCase and snake_case, too, in lower case.

    >>> sorted(words_of("test_paysByCard twice"))
    ['by', 'card', 'pays', 'test', 'twice']
    """
    return Counter(found[0].lower() for found in islice(_WORD.finditer(title), _MOST_WORDS))


def weights(titles: Iterable[Words]) -> Mapping[str, float]:
    """Weigh each word by how few of the titles have it: log(1 + titles / titles with it)."""
    n, having = 0, Counter[str]()
    for words in titles:
        n += 1
        having.update(words.keys())
    return {word: log(1 + n / k) for word, k in having.items()}


def likeness(words_a: Words, words_b: Words, weight: Mapping[str, float]) -> float:
    """Return the weighted share of words that two titles have in common, 0–1 (Dice)."""
    common = words_a & words_b
    left, right = words_a - common, words_b - common
    shared = 2.0 * sum(weight.get(word, 1.0) * n for word, n in common.items())
    for word in sorted(left):
        twin = next((found for found in sorted(right) if _is_same(word, found)), None)
        if twin is not None:
            right -= Counter([twin])
            shared += weight.get(word, 1.0) + weight.get(twin, 1.0)
    total = sum(
        weight.get(word, 1.0) * n for words in (words_a, words_b) for word, n in words.items()
    )
    return shared / total if total else float(words_a == words_b)


def _is_same(word_a: str, word_b: str) -> bool:
    if min(len(word_a), len(word_b)) < _SHORTEST:
        return False
    matcher = SequenceMatcher(None, word_a, word_b, autojunk=False)
    return matcher.quick_ratio() >= SAME_WORD and matcher.ratio() >= SAME_WORD
