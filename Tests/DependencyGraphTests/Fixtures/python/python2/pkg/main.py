import helper, os
from shapes import Circle
import logging
try:
    import queue
except ImportError, e:
    print "no queue"
