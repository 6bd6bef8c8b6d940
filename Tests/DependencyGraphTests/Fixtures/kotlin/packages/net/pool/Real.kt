package a.net.pool

class Real
val size = 3
