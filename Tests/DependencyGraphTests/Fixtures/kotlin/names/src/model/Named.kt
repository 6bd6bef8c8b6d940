package shop.model

interface Named { val named: String }

class NameOf(override val named: String) : Named
