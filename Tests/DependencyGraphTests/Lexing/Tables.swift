import Testing

@testable import DependencyGraph

/// The lexical tables of all languages that have one, by name.
struct Tables: Sendable, CustomTestStringConvertible {
    let name: String
    let table: LexicalTable
    var testDescription: String { name }

    static let all = [
        Tables(name: "python", table: Python.table), Tables(name: "shell", table: Shell.table),
        Tables(name: "typescript", table: TypeScript.plainTable), Tables(name: "jsx", table: TypeScript.jsxTable),
        Tables(name: "go", table: Go.table), Tables(name: "java", table: Java.table),
        Tables(name: "swift", table: Swift.table), Tables(name: "rust", table: Rust.table),
        Tables(name: "ruby", table: Ruby.table), Tables(name: "php", table: PHP.table),
        Tables(name: "kotlin", table: Kotlin.table), Tables(name: "scala", table: Scala.table),
        Tables(name: "csharp", table: CSharp.table),
    ]
}
