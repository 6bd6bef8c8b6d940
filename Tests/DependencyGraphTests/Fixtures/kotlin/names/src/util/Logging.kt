@file:JvmName("Log")

package shop.util

import kotlin.reflect.KClass

private val prefix = "log"

fun log(message: String) = println(prefix + message)

inline fun <reified T : Any> logger(): KClass<T> = T::class

typealias Callback<T> = (T) -> Unit
