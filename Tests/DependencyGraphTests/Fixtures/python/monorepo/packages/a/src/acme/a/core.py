from acme.b import main as m
from ....... import far
from ..b import main
