import common
from common import tool
import email
import requests
