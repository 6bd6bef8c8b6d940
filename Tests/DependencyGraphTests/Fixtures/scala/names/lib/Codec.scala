package lib

trait Codec[A]

object Codec {
  type Aux[A, B] = Codec[A]
  trait Derived
}

opaque type Token = String
