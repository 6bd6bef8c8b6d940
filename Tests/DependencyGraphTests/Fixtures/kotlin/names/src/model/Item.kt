package shop.model

import shop.util.Money as Cash
import shop.util.round

data class Item(val name: String, private val cash: Cash) : Priced, Named by NameOf(name) {
    val label get() = "${cash.round(scale())} ${"Unused ${Tag.of(name)}"}"

    fun scale(name: Int = 2): Int = name

    companion object Factory {
        val EMPTY = Item("", Cash(0))
        fun of(name: String) = Item(name, Cash(defaultCents))

        class Draft
    }
}
