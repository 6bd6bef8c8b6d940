from __future__ import annotations
import typing
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from app.util import late
    from app.core import (
engine,
    )
    import app.core.gears
else:
    import lib.helper
if typing.TYPE_CHECKING: import ns.inner.deep
try:
    from app.core import *
except ImportError:
    pass
