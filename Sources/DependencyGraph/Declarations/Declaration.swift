/// What a file declares for others to use, without its body.
package struct Declaration: Sendable, Equatable, Hashable {
    /// As others would write it; a member follows its type and a dot.
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

    /// Bytes of a signature that are kept.
    static let longestSignature = 400
    /// Declarations of one file that are read; more are the output of a generator.
    static let most = 2000

    /// The declarations of a file that others can use, in its order.
    ///
    /// Read from the tokens alone, so what macros or decorators make is not seen. A language with many ways to name
    /// things, such as Ruby, is not read at all.
    ///
    /// - Parameters:
    ///   - source: the file's bytes.
    ///   - path: says the language by its extension.
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
    /// Some tokens as one line: what lies between two of them is one blank or nothing.
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
