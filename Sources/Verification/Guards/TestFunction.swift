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

/// The family of test frameworks of a language.
enum TestDialect: Sendable {
    case python, script, go, jvm, swift, rust, csharp, ruby, php, c

    static func of(_ language: String) -> TestDialect? {
        switch language {
        case "python": .python
        case "typescript": .script
        case "go": .go
        case "java", "kotlin", "scala": .jvm
        case "swift": .swift
        case "rust": .rust
        case "csharp": .csharp
        case "ruby": .ruby
        case "php": .php
        case "c", "c++", "objective-c": .c
        default: nil
        }
    }
}
