import app.core.gears
from . import gears
