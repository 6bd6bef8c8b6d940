import acme.a.core
import requests
from acme import a, b
from acme.a import *
