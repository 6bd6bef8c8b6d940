import Model

/// Traits of a file that follow from its path, by the conventions of languages and hosting sites.
enum PathTraits {
    private static let testDirectories = SymbolTable(
        words: "test tests Test Tests __tests__ spec specs testdata fixtures e2e")
    private static let vendorDirectories = SymbolTable(
        words:
            """
            vendor vendored _vendor node_modules third_party third-party thirdparty 3rdparty deps Pods Carthage \
            bower_components external
            """)
    /// Directories whose files are not used from outside.
    private static let asideDirectories = SymbolTable(
        words:
            """
            test tests testing testdata test_data fixtures examples example samples sample docs doc benchmarks benchmark \
            demo demos fuzz
            """)
    /// Before the extension.
    private static let testEndings: [StaticString] = [
        "_test", "_tests", "_spec", ".test", ".spec", "Test", "Tests", "Spec", "-test", "-spec",
    ]
    private static let generatedEndings: [StaticString] = [
        ".pb.go", "_pb2.py", "_pb2_grpc.py", ".pb.h", ".pb.cc", ".pb.swift", ".g.cs", ".g.dart", ".designer.cs",
        ".Designer.cs", ".min.js", ".min.css", ".generated.ts", ".generated.swift", ".gen.go",
    ]

    /// Whether the name of a directory says that only its own files use its contents.
    static func isAside(_ name: Source.Bytes) -> Bool { asideDirectories.find(name) != nil }

    static func of(_ path: String) -> RepositoryGraph.Traits {
        var path = path
        return path.withUTF8 { of($0) }
    }

    static func of(_ path: Source.Bytes) -> RepositoryGraph.Traits {
        var traits: RepositoryGraph.Traits = []
        var start = 0
        for index in 0..<path.count where path[index] == UInt8(ascii: "/") {
            let part = Source.Bytes(rebasing: path[start..<index])
            start = index + 1
            if testDirectories.find(part) != nil || part.ends(with: "Tests") { traits.insert(.test) }
            if vendorDirectories.find(part) != nil { traits.insert(.vendored) }
        }
        let name = Source.Bytes(rebasing: path[start...])
        let stem = Source.Bytes(rebasing: name[..<(name.lastIndex(of: UInt8(ascii: ".")) ?? name.count)])
        if stem.starts(with: "test_".utf8) || stem.equals("conftest")
            || testEndings.contains(where: { stem.ends(with: $0) })
        {
            traits.insert(.test)
        }
        if generatedEndings.contains(where: { name.ends(with: $0) }) { traits.insert(.generated) }
        return traits
    }
}
