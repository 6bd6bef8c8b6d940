package platform

expect class Clock { fun now(): Long }

fun start() = Clock().now()
