/// Recognises paths of test files by the conventions of all languages.
enum TestPath {
    private static let folders: Set<Substring> = [
        "test", "tests", "testing", "spec", "specs", "__tests__", "e2e", "Test", "Tests", "testsuite", "testlib",
    ]
    private static let endings = ["_test", "_tests", "_spec", ".test", ".spec", "-test", "-spec"]
    private static let capitalEndings = ["Test", "Tests", "Spec", "IT", "TestCase"]

    static func matches(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        if parts.dropLast().contains(where: { folders.contains($0) || $0.hasSuffix("Tests") }) { return true }
        let stem = path.fileName.prefix { $0 != "." }
        // For `foo.test.ts` as for `foo_test.go`.
        let whole = path.fileName[..<(path.fileName.lastIndex(of: ".") ?? path.fileName.endIndex)]
        return stem.hasPrefix("test_") || stem == "test" || stem == "tests" || stem == "conftest"
            || (stem.hasPrefix("test") && path.hasSuffix(".py"))
            || endings.contains { whole.hasSuffix($0) } || capitalEndings.contains { whole.hasSuffix($0) }
    }
}
