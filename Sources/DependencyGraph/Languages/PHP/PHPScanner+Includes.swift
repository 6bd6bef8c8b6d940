extension PHPScanner {
    /// `require __DIR__ . "/a.php";` and the like: literals after one expression for the directory.
    mutating func include(into facts: inout FactWriter) {
        let line = tokens[place].line
        place += 1
        // The expression is also read as names, because it may hold calls and constants.
        var index = place
        var open = 0
        while tokens.isMark(index, "(") {
            index += 1
            open += 1
        }
        var origin: UInt32 = 0
        if tokens[index].kind != .string {
            guard let (levels, end) = base(index) else { return }
            origin = levels
            index = end
            guard tokens.isMark(index, ".") else { return }
            index += 1
        }
        var path = ""
        while tokens[index].kind == .string, tokens[index].tail > 0 {
            path += tokens.contents(index).string
            index += 1
            while open > 0, tokens.isMark(index, ")") {
                index += 1
                open -= 1
            }
            guard tokens.isMark(index, ".") else { break }
            index += 1
        }
        guard !path.isEmpty, path.utf8.count < 1024, tokens[index - 1].kind == .string || tokens.isMark(index - 1, ")"),
            tokens[index].kind != .string
        else { return }
        facts.add(kind: PHP.Kind.include.rawValue, string: path, line: line, value: origin)
    }

    /// `__DIR__`, `dirname(__FILE__)`, `dirname(__DIR__, 2)`, or any other expression that ends before a dot.
    private func base(_ start: Int) -> (origin: UInt32, end: Int)? {
        var index = start
        var calls: UInt32 = 0
        while tokens.isWord(index, "dirname") || tokens.isMark(index, "\\") && tokens.isWord(index + 1, "dirname") {
            index += tokens.isMark(index, "\\") ? 2 : 1
            guard tokens.isMark(index, "("), calls < 32 else { return nil }
            index += 1
            calls += 1
        }
        let isFile = tokens.isWord(index, "__FILE__")
        if isFile || tokens.isWord(index, "__DIR__") {
            index += 1
            var up: UInt32 = 0
            for _ in 0..<calls {
                if tokens.isMark(index, ","), tokens[index + 1].kind == .number {
                    up += min(64, UInt32(tokens.text(index + 1).string) ?? 1)
                    index += 2
                } else {
                    up += 1
                }
                guard tokens.isMark(index, ")") else { return nil }
                index += 1
            }
            // `__FILE__` is one level below its directory.
            guard !isFile || up > 0 else { return nil }
            return (PHP.fromDirectory + up - (isFile ? 1 : 0), index)
        }
        guard calls == 0, tokens[index].kind == .identifier else { return nil }
        // For a constant, a variable or a property, only its name is skipped.
        index += 1
        while tokens.isOperator(index, "->") || tokens.isOperator(index, "::"), tokens[index + 2].kind == .identifier {
            index += 3
        }
        if tokens.isMark(index, "("), tokens.isMark(index + 1, ")") { index += 2 }
        return (PHP.fromUnknown, index)
    }
}
