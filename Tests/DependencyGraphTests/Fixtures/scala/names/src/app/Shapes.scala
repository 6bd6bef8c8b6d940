package shop.app

sealed trait Shape
case class Circle(radius: Int) extends Shape
case class Square(side: Int) extends Shape
case object Origin extends Shape
case class Point(x: Int)

object shapes { def all: List[Shape] = Nil }
