package shop.model

object Tag {
    fun of(name: String) = name
    const val MAX = 3
}

enum class Kind(val tag: Int = Tag.MAX) {
    Item { override fun text() = "i" },
    Priced;

    open fun text() = "k"
}
