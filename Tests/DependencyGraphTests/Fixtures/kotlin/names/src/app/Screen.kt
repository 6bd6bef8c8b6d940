package shop.app

import shop.model.Item

abstract class Screen(size: Int) {
    open fun show(item: Item) { helper() }

    fun helper() = 1
    fun pairOf(a: Int, b: Int) = a to b
}
