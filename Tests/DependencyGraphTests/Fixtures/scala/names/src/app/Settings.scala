package shop.app

object Settings { val depth = 1; val verbose = true }
