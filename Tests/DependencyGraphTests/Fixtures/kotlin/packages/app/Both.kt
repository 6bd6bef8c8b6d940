package a.app

import a.net.pool
import a.net.wire

val length = "".pool + wire()
