import redis
from acme.kit.redis import client
from acme.kit import util
