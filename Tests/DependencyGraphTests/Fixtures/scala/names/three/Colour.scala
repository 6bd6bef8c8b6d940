package three

import shop.model.{Item as Thing, *}
import shop.app.deep.Job

enum Colour(val rgb: Int):
  case Red extends Colour(Palette.red)
  case Green, Blue

  def mix(other: Colour): Colour =
    val helper = other
    helper

trait Show[A]:
  extension (a: A) def show: String

given Show[Colour] with
  extension (c: Colour) def show: String = Thing.toString

object Palette:
  val red = 1
  object Inner:
    val job: Job = null
  end Inner
end Palette

class Bare(val x: Int)
class Next extends Bare(2), Marked
