package a.net

val String.pool: Int get() = 1
fun wire() = 2
