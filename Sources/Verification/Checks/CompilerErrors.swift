package import Model

/// Tells the errors of compilers, which the same tree gives every time, from failures of tests, which may be flaky.
package enum CompilerErrors {
    /// Texts that only compilers, linkers and loaders of source print.
    private static let marks = [
        "error: could not compile", "COMPILATION ERROR", "Compilation failed", "compilation terminated",
        "[build failed]",
        "[setup failed]", "error: fatalError", "error: cannot find symbol", "SyntaxError: ", "IndentationError: ",
        "ld returned 1 exit status", "linker command failed", "fatal error: ", "Build FAILED", "BUILD FAILED",
    ]

    /// Returns whether a compiler's errors explain a failed check. A check that names failed tests was compiled.
    package static func explain(_ result: CheckResult) -> Bool {
        guard result.failedTests.isEmpty else { return false }
        return result.digest.split(separator: "\n").contains { line in
            marks.contains { line.contains($0) } || isLocated(line)
        }
    }

    /// Whether a line is `path:line:column: error: …`, `path(line,column): error CS1002: …`, `path.ts:1:2 - error TS…` or
    /// `error[E0425]: …`.
    private static func isLocated(_ line: Substring) -> Bool {
        if line.contains(": error TS") || line.contains(" - error TS") || line.contains("): error CS") { return true }
        if line.drop(while: { $0 == " " }).hasPrefix("error[E") { return true }
        guard let error = line.firstRange(of: ": error:") else { return false }
        let place = line[..<error.lowerBound]
        return place.last?.isNumber == true && place.contains(":")
    }
}
