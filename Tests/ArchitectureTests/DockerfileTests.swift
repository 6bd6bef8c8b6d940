import Foundation
import Testing

/// The image is built from what the Dockerfile copies, so that has to be all that Package.swift asks for.
@Suite struct DockerfileTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ name: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(name), encoding: .utf8)
    }

    @Test func `every folder of a target is copied`() throws {
        let folders = try Set(text("Package.swift").matches(of: /path: "([^\/"]+)/).map { String($0.1) })
        #expect(folders.isSuperset(of: ["Sources", "Tests", "Benchmarks"]))
        let lines = try text("Dockerfile").split(separator: "\n").map(String.init)
        for folder in folders { #expect(lines.contains("COPY \(folder) \(folder)")) }
    }
}
