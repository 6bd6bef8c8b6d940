package shop.app

import shop.model._
import shop.model.ids.{Id, Item => _}
import _root_.shop.util.Money

object Main extends App {
  val item: Item[Ident] = Item.Empty.asInstanceOf[Item[Ident]]
  val (left, right) = (Left, Right)

  def run[Helper](helper: Helper)(implicit context: Context): Unit = {
    import Settings.{depth, verbose => loud}
    helper match {
      case Circle(radius) if radius > depth => println(loud)
      case square: Square => square.side
      case Origin => cheapest(Nil)
      case other => other
    }
    val pairs = for { (a, b) <- List((1, 2)); shape <- shapes.all } yield shape
    pairs.foreach { case (Point(x), y) => x }
    new Runner with Logging { override def go(): Unit = shop.app.deep.Worker.work() }
  }

  def generic[A <: Bounded, F[_]](value: F[A]): deep.Job = deep.Job(value.toString)

  @marked def annotated(text: String = Defaulted.text) = text
}
