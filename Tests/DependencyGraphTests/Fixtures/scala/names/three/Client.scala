package three.client

import three.Palette.*
import three.{topLevel as start, given}

object Client:
  val inner = Inner.job
  val begun = start(null)
  val java = new jlib.Tool(three.constant)
