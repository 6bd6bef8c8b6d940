package lib.http

trait Handler[F[_]]
class Route { type Path = Encoder }
class Encoder
