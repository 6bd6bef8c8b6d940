from ..util import late
from ... import beyond
