package shop.model

private const val hiddenCents = 1
internal val defaultCents = hiddenCents
val String.tagged: String get() = Tag.of(this)
fun <T : Named> List<T>.named(): String = first().named
