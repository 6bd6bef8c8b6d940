package shop
package model

import util.{Money => Cash, Rounding, _}
import scala.collection.mutable

case class Item[Tag](name: String, cash: Cash) extends Priced with Named {
  import Tags._
  val buffer = mutable.Buffer.empty[Tag]
  def label(scale: Int): String = s"${cash.cents} ${Label(s"Unused ${Marker.text}").value}"
  def kind: Kind = kinds.first
}

object Item {
  val Empty = new Item("", Cash(0))
  sealed trait State
  case object Open extends State
}
