/// Limits of one transfer. All times are in seconds.
package struct TransferLimits: Sendable, Equatable {
    /// Until the connection is open, including TLS.
    package var connect: Double
    /// Until the first byte of the answer. A slow model needs this time.
    package var firstByte: Double
    /// Between two later bytes. Providers send data constantly by then, so a longer pause means a dead connection.
    package var idle: Double
    /// From start to end.
    package var total: Double
    /// Maximum bytes of an answer.
    package var bytes: Int
    /// Maximum bytes of the head.
    package var headBytes: Int
    /// Maximum bytes of one event.
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
