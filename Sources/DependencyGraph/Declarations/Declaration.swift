/// A declaration that other files can use, without its body.
package struct Declaration: Sendable, Equatable, Hashable {
    /// The name as other files write it. A member has its type and a dot before it.
    package var name: String
    /// The declaration up to its body, on one line.
    package var signature: String
    /// Counted from 1.
    package var line: Int

    package init(name: String, signature: String, line: Int) {
        self.name = name
        self.signature = signature
        self.line = line
    }

    /// The longest signature that is kept, in bytes.
    static let longestSignature = 400
    /// The largest number of declarations that are read from one file. Only generated files have more.
    static let most = 2000

    /// Returns the declarations of a file that others can use, in their order.
    ///
    /// Reads the tokens only, so declarations made by macros or decorators are missing. Languages with many ways to
    /// name things, such as Ruby, are not read.
    ///
    /// - Parameters:
    ///   - source: the file's bytes.
    ///   - path: its extension decides the language.
    /// - Returns: nil for a language whose declarations are not read.
    package static func exported(in source: [UInt8], path: String) -> [Declaration]? {
        let detected = LanguageRegistry.detect(path: path)
        guard let number = detected.language else { return nil }
        let language = LanguageRegistry.all[number]
        guard language.isSource(role: detected.role) else { return nil }
        return source.withUnsafeBufferPointer { bytes in
            let source = Source(bytes, role: 0, scratch: TokenBuffer())
            switch language.description.declarations {
            case .braces(let grammar):
                var reader = BraceDeclarations(tokens: source.tokens(grammar.table), grammar: grammar)
                return reader.read()
            case .indentation: return PythonDeclarations.read(source.tokens(Python.table))
            case .notRead: return nil
            }
        }
    }
}

extension Tokens {
    /// Joins tokens into one line. One space stands for any gap between two tokens.
    func line(from first: Int, to end: Int) -> String {
        var text: [UInt8] = []
        for index in first..<max(first, end) where self[index].kind != .newline {
            if index > first, self[index].start > self[index - 1].end { text.append(UInt8(ascii: " ")) }
            text += self.text(index)
            if text.count > Declaration.longestSignature { break }
        }
        return String(decoding: text.prefix(Declaration.longestSignature), as: UTF8.self)
    }

    func string(_ index: Int) -> String { String(decoding: text(index), as: UTF8.self) }
}
