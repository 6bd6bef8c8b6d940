package platform

actual class Clock { actual fun now() = 1L }
