package import Model

/// Output without a format: every line is text.
package struct PlainDialect: EventDialect {
    package static let tellsItsEnd = false

    package init(before: Usage?) {}

    package mutating func read(_ line: [UInt8]) -> [WorkerEvent] {
        [.text(String(decoding: line.prefix(2000), as: UTF8.self))]
    }
}
