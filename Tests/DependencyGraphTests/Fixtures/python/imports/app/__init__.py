from .core import engine as motor
from . import util
