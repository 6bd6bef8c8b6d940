package shop.model

sealed abstract class Kind

object kinds {
  object first extends Kind
  def all = List(first)
}
