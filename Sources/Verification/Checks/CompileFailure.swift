package import Model

extension CheckResult {
    /// Whether a compiler or parser rejected a file and no test failed. Another run would fail in the same way.
    package var isCompileFailure: Bool {
        guard outcome == .failed, failedTests.isEmpty, (testsRun ?? 0) == 0 else { return false }
        return digest.split(separator: "\n").contains { Self.isCompilerLine($0) }
    }

    /// Beginnings of lines that compilers and parsers print only when a file cannot be read.
    private static let beginnings = [
        "error[E", "error: could not compile", "SyntaxError: ", "IndentationError: ", "TabError: ", "e: file://",
        "[ERROR] COMPILATION ERROR",
    ]

    private static func isCompilerLine(_ line: Substring) -> Bool {
        let text = line.drop { $0.isWhitespace }
        if beginnings.contains(where: { text.hasPrefix($0) }) { return true }
        if text.hasPrefix("FAIL"), text.hasSuffix("[build failed]") || text.hasSuffix("[setup failed]") { return true }
        // `path:12:5: error: …` of clang, gcc and swiftc, `path:12: error: …` of javac, `path(12,5): error TS2304: …`.
        // XCTest prints `path:12: error: Suite.test : …` for an assertion.
        for mark in [": error: ", ": fatal error: ", ": error TS"] {
            guard let place = text.firstRange(of: mark) else { continue }
            let end = text[..<place.lowerBound].last
            let isTest = text[place.upperBound...].contains(" : ")
            if let end, end.isNumber || end == ")", !isTest { return true }
        }
        return false
    }
}
