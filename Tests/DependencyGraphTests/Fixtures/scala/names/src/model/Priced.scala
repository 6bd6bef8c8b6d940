package shop.model

trait Priced {
  /* nested /* Kind */ Item */
  def label(scale: Int): String
}

trait Named { self: Priced =>
  type Self <: Named
}
