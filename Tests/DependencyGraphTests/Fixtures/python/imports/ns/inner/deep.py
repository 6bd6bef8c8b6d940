from .sibling import x
from ..top import y
