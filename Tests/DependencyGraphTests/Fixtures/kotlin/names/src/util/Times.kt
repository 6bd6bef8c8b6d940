package shop.util

private val prefix = "times"

infix fun String.times(count: Int) = repeat(count)

fun elapsed(block: () -> Unit): Int = 0

const val LIMIT = 3
