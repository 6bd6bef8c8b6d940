package lib
package http

import errors.{
  Failure,
  NotFound => Missing
}

case class Server[F[_]: Handler](port: Int = Ports.default)(implicit codec: Codec.Aux[Int, Port]) derives Codec.Derived {
  export Ports.{default => fallback}
  def serve: Either[Missing, Route#Path] = custom"${Ports.default} ${ { val Route = 1; s"${Port.parse(Route)}" } }"
  private[http] lazy val all: Map[Port, Seq[Handler[F]]] = Map.empty
  val failed: Port => Failure = { port => new Failure {} }
}
