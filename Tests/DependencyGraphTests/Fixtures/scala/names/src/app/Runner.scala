package shop.app

trait Runner { def go(): Unit }

trait Logging { this: Runner => }
