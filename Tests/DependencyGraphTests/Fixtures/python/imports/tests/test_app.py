import app, common
from app import util, core, missing
module = __import__("app.shapes")
