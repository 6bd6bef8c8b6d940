package shop.app

class Context
class Helper
trait Bounded
class marked extends scala.annotation.StaticAnnotation
object Defaulted { val text = "Origin" }
