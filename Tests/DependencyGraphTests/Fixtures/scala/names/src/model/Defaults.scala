package shop.model

trait Defaults { val limit = 3 }
