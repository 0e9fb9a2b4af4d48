"""Texts of a few rows as a column of all rows: only where they end is new, no text is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


class Places:
    """Some rows out of many, by their places, which ascend."""

    def __init__(self, places: Any, n_rows: int) -> None:
        import numpy as np

        self.places, self.n_rows = places, n_rows
        self._are_told = np.zeros(n_rows, bool)
        self._are_told[places] = True
        #: how many of them come before each row, and before the end
        self._n_before = np.concatenate([[0], np.cumsum(self._are_told)])

    def laid_out(self, told: pa.Array[Any]) -> pa.Array[Any]:
        """Lay an array of texts (as `large_string`) out over all rows; the others have none."""
        import numpy as np
        import pyarrow as pa

        if told.null_count == len(told):
            return pa.nulls(self.n_rows, pa.large_string())
        are_told = self._are_told
        if told.null_count:
            are_told = are_told.copy()
            are_told[self.places] = told.is_valid()
        _, ends, texts = told.buffers()
        ends = np.frombuffer(ends, "int64")[told.offset + self._n_before]
        buffers = [np.packbits(are_told, bitorder="little"), ends]
        return pa.Array.from_buffers(
            pa.large_string(), self.n_rows, [*map(pa.py_buffer, buffers), texts]
        )
