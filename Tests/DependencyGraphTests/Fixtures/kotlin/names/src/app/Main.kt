package shop.app

import shop.model.*
import shop.model.Item.Factory.Draft
import shop.model.Kind.Priced
import shop.util.Callback
import shop.util.LIMIT
import shop.util.elapsed
import shop.util.plus
import kotlin.collections.List

class Main<Tag>(items: List<Named>, val tag: Tag) : Screen(items.size) {
    private val callback: Callback<Item> = { item -> show(item) }
    private val lazyDraft by lazy { Draft() }

    fun run(thing: Any?, helper: Int): String {
        val text = "x".tagged
        val (first, second) = pairOf(1, 2)
        if (thing is Circle) return thing.area().toString()
        when (thing) {
            is Square -> return "Unused"
            Origin -> elapsed { helper + LIMIT }
            in Bounds.all -> listOf(first, second).map { helper -> helper }
        }
        shop.util.log("whole")
        return label@ text + """ "raw" ${'$'} ${Raw("}").value} Unused """
    }

    fun <Helper> generic(value: Helper): Helper? = value as? Helper

    override fun show(item: Item) = super.show(item)

    inner class Part(val owner: Main<Tag> = this@Main) : Base by Stub()
}

fun interface Action { fun go(at: Shape): Later<*> }

@Marker(Flag::class)
fun topLevel(vararg shapes: Shape, block: Receiver.() -> Unit = {}) = shapes.map(::describe)
