"""Columns of text."""

from typing import List, Sequence


def table(title: Sequence[str], rows: Sequence[Sequence[str]]) -> List[str]:
    """Each column as wide as its widest cell, two spaces apart."""
    widths: List[int] = [max(len(row[column]) for row in [title, *rows]) for column in range(len(title))]
    lines: List[str] = []
    for row in [title, *rows]:
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    return lines
