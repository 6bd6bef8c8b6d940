from acme.base import core
import redis
import lonely
import tests.helper
from acme.base import http
