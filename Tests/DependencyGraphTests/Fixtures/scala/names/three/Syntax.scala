package three

extension (text: String)
  def shouted: String = text.toUpperCase
  def doubled: String = text + text

trait Marked

def topLevel(colour: Colour): Int = colour.rgb

val constant = 3

type Alias = Marked
