import Model

/// What a path says of a file by the conventions of its language or of the hosting sites.
enum PathTraits {
    private static let testDirectories: Set<String> = [
        "test", "tests", "Test", "Tests", "__tests__", "spec", "specs", "testdata", "fixtures", "e2e",
    ]
    private static let vendorDirectories: Set<String> = [
        "vendor", "vendored", "_vendor", "node_modules", "third_party", "third-party", "thirdparty", "3rdparty", "deps",
        "Pods",
        "Carthage", "bower_components", "external",
    ]
    private static let testEndings = [
        "_test", "_tests", "_spec", ".test", ".spec", "Test", "Tests", "Spec", "-test", "-spec", "IT",
    ]
    private static let generatedEndings = [
        ".pb.go", "_pb2.py", "_pb2_grpc.py", ".pb.h", ".pb.cc", ".pb.swift", ".g.cs", ".g.dart", ".designer.cs",
        ".min.js",
        ".min.css", ".generated.ts", ".generated.swift", ".gen.go",
    ]

    /// Directories whose files nobody outside of them needs.
    private static let asideDirectories: Set<String> = [
        "test", "tests", "testing", "testdata", "test_data", "fixtures", "examples", "example", "samples", "sample",
        "docs",
        "doc", "benchmarks", "benchmark", "demo", "demos", "fuzz",
    ]

    /// Whether the last part of a directory's path says that only the files in it use what lies there.
    static func isAside(_ name: Source.Bytes) -> Bool { name.count < 12 && asideDirectories.contains(name.string) }

    static func of(_ path: String) -> RepositoryGraph.Traits {
        var traits: RepositoryGraph.Traits = []
        let parts = path.split(separator: "/")
        guard let name = parts.last else { return traits }
        for part in parts.dropLast() {
            if testDirectories.contains(String(part)) || part.hasSuffix("Tests") { traits.insert(.test) }
            if vendorDirectories.contains(String(part)) { traits.insert(.vendored) }
        }
        let stem = name.prefix { $0 != "." }
        let stemWithKind = name.lastIndex(of: ".").map { name[..<$0] } ?? name
        if stem.hasPrefix("test_") || stem == "conftest" || testEndings.contains(where: { stemWithKind.hasSuffix($0) })
        {
            traits.insert(.test)
        }
        if generatedEndings.contains(where: { name.hasSuffix($0) }) { traits.insert(.generated) }
        return traits
    }
}
