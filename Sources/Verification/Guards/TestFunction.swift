/// One test of a source file.
struct TestFunction: Sendable, Equatable {
    var name: String
    /// Counted from 1.
    var line: Int
    /// Number of assertions in it.
    var assertions = 0
    /// It does nothing, or returns at once.
    var isEmpty = false

    /// The name without style, equal for `testFooBar`, `test_foo_bar` and `fooBar`.
    var key: String {
        let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
        return plain.hasPrefix("test") && plain.count > 4 ? String(plain.dropFirst(4)) : plain
    }
}
