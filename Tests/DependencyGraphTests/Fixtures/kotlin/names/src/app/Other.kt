package shop.app

import shop.model.Item
import shop.model.Tag as Label
import shop.util.times

class Other {
    private class Helper
    private val helper = Helper()
    fun use() = Label.MAX
    fun text() = "a" times 3
    fun make(make: (Item) -> Later<Item>): Any = object : Screen(1) {
        override fun show(item: Item) { make(item); describe(Circle()) }
    }
    fun find() = legacy.Registry.find(Legacy.NAME, legacy.Registry.Entry())
}

fun String.shout() = this
val quiet = "x".shout()
