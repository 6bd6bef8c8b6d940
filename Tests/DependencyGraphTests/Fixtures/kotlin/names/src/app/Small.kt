package shop.app

interface Base
class Raw(val value: String)
class Stub : Base
class Later<T>
class Receiver
class Unused
private class Helper
@Target(AnnotationTarget.FUNCTION)
annotation class Marker(val type: kotlin.reflect.KClass<*>)
interface Flag
class `in between`(val x: Char = '"', val y: Char = '\\')
