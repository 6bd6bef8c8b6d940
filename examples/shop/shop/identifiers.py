"""Numbers of products, customers and orders."""

from typing import Dict, Tuple

_PREFIXES: Dict[str, str] = {"product": "P", "customer": "C", "order": "O"}


class Numbering:
    """Counts for each kind of thing by itself."""

    def __init__(self) -> None:
        self._last: Dict[str, int] = {}

    def next(self, kind: str) -> str:
        number = self._last.get(kind, 0) + 1
        self._last[kind] = number
        return f"{_PREFIXES[kind]}{number:04d}"


def split(identifier: str) -> Tuple[str, int]:
    """The kind and the number of an identifier."""
    kinds: Dict[str, str] = {prefix: kind for kind, prefix in _PREFIXES.items()}
    return kinds[identifier[0]], int(identifier[1:])
