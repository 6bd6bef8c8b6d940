"""Categories form a tree: drinks/tea, drinks/coffee."""

from typing import Dict, List, Optional


class CategoryTree:
    def __init__(self) -> None:
        self._children: Dict[str, List[str]] = {"": []}

    def add(self, path: str) -> None:
        parent = self.parent(path)
        if parent is not None and parent not in self._children:
            self.add(parent)
        if path not in self._children:
            self._children[path] = []
            self._children[parent or ""].append(path)

    @staticmethod
    def parent(path: str) -> Optional[str]:
        """The path above; None for a category that is at the top."""
        head, separator, _ = path.rpartition("/")
        return head if separator else None

    def below(self, path: str) -> List[str]:
        found: List[str] = []
        for child in sorted(self._children.get(path, [])):
            found.append(child)
            found.extend(self.below(child))
        return found
