package shop.app

sealed class Shape { abstract fun area(): Int }

class Circle : Shape() { override fun area() = 3 }

class Square : Shape() { override fun area() = helper() }

object Origin

object Bounds { val all = 1..3 }
