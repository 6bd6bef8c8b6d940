package shop.model

interface Priced {
    val label: String
    /* nested /* comment with Tag */ and Item */
    fun interface Listener { fun changed(source: Priced) }
}
