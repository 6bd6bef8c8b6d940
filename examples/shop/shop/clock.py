"""The one place that asks for the date, so that tests can set it."""

import datetime


class Clock:
    def __init__(self, fixed: str = "") -> None:
        self._fixed = fixed

    def today(self) -> datetime.date:
        if self._fixed:
            return datetime.date.fromisoformat(self._fixed)
        return datetime.date.today()
