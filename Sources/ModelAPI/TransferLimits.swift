/// What one transfer may take before it is given up. All times are in seconds.
package struct TransferLimits: Sendable, Equatable {
    /// Until the connection stands, TLS included.
    package var connect: Double
    /// Until the first byte of the answer: a slow model thinks here.
    package var firstByte: Double
    /// Between two bytes after that. Providers send something all the time then, so this is a connection that is dead.
    package var idle: Double
    /// From first to last.
    package var total: Double
    /// Bytes of an answer, and of its head.
    package var bytes: Int
    package var headBytes: Int
    /// Bytes of one event.
    package var eventBytes: Int

    package init(
        connect: Double = 15, firstByte: Double = 300, idle: Double = 120, total: Double = 1200,
        bytes: Int = 32 << 20, headBytes: Int = 256 << 10, eventBytes: Int = 8 << 20
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
        self.bytes = bytes
        self.headBytes = headBytes
        self.eventBytes = eventBytes
    }
}
