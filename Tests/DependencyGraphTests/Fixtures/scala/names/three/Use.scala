package three.use

import three.*

class Use(using show: Show[Colour]):
  def loud = "x".shouted
  def call = topLevel(Colour.Red) + constant
  def pick(c: Colour) = c match
    case Colour.Red => 1
    case _ => 2
