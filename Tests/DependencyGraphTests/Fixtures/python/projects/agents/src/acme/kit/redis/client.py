from . import missing
import json
