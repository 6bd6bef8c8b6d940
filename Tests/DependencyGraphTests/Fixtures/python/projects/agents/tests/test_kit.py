import redis
from acme.kit.redis.client import Client
import lonely
