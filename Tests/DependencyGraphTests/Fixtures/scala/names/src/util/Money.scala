package shop.util

case class Money(cents: Int)

trait Rounding { def round(money: Money): Money }

class Item
