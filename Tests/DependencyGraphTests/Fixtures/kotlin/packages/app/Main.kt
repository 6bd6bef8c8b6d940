package a.app

import a.net.pool.Real
import a.net.wire.*

val real = Real()
val copper = Copper()
