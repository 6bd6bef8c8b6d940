import Foundation

/// A target as `Package.swift` declares it.
struct PackageTarget: Equatable {
    /// `target`, `testTarget`, `executableTarget` or `systemLibrary`.
    var kind: String
    var name: String
    /// From the root of the project.
    var folder: String
    /// Names of targets, and of products of other packages.
    var dependencies: Set<String>

    /// The targets of this project.
    static func all() throws -> [PackageTarget] { parse(try Project.text("Package.swift")) }

    /// The targets of a package, in the order in which they are declared.
    static func parse(_ text: String) -> [PackageTarget] {
        guard let start = text.range(of: "targets: [") else { return [] }
        return text[start.upperBound...].matches(of: /\.(executableTarget|systemLibrary|target|testTarget)\(/).map {
            let body = list(in: text, from: $0.range.upperBound)
            let kind = String($0.1)
            let name = body.firstMatch(of: /name: "([^"]+)"/).map { String($0.1) } ?? ""
            let folder = kind == "testTarget" ? "Tests/\(name)" : "Sources/\(name)"
            let path = body.firstMatch(of: /path: "([^"]+)"/).map { String($0.1) }
            return PackageTarget(kind: kind, name: name, folder: path ?? folder, dependencies: dependencies(in: body))
        }
    }

    private static func dependencies(in body: String) -> Set<String> {
        guard let start = body.range(of: "dependencies: [") else { return [] }
        let list = list(in: body, from: start.upperBound)
        let products = list.matches(of: /\.product\(name: "([^"]+)"[^)]*\)/)
        let targets = list.replacing(/\.product\([^)]*\)/, with: "").matches(of: /"([^"]+)"/)
        return Set(products.map { String($0.1) } + targets.map { String($0.1) })
    }

    /// What follows an opening bracket, up to the bracket that closes it.
    private static func list(in text: String, from start: String.Index) -> String {
        var depth = 1
        let end = text[start...].firstIndex { letter in
            if "([".contains(letter) { depth += 1 }
            if ")]".contains(letter) { depth -= 1 }
            return depth == 0
        }
        return String(text[start..<(end ?? text.endIndex)])
    }

    /// Modules that the files of the target import.
    func imports() throws -> Set<String> { try Project.imports(below: folder) }
}
