package shop.util

class Money(val cents: Int)

fun Money.round(scale: Int): Money = Money(cents / scale)

operator fun Money.plus(other: Money) = Money(cents + other.cents)
