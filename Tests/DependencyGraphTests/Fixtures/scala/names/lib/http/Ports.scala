package lib.http

object Ports { val default = 80 }
object Port { def parse(n: Int) = new Port }
class Port
