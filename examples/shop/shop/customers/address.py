"""Where goods are sent."""

from dataclasses import dataclass
from typing import List, Optional


@dataclass(frozen=True)
class Address:
    street: str
    city: str
    postcode: str
    country: Optional[str] = None

    def lines(self, home: str = "Ireland") -> List[str]:
        """As on a parcel; the country only where it is not the shop's own."""
        lines: List[str] = [self.street, f"{self.postcode} {self.city}"]
        if self.country is not None and self.country != home:
            lines.append(self.country.upper())
        return lines
