import Foundation
import Git
import Model

/// The same merges done by the program and by git's command line, timed one by one.
struct MergeComparison {
    let files: Int

    private static let rounds = 21
    private static let perFolder = 50

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("orchestrate-merge-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.git(["init", "--quiet", "--bare", folder], in: "/")
        let repository = try Repository(at: folder, environment: Self.environment)
        let base = try repository.tree(
            base: nil,
            applying: try (0..<files).map { number in
                (path(number), (.regular, try repository.writeBlob(Array("one\ntwo \(number)\nthree\n".utf8))))
            })
        let ancestor = try commit(base, [], repository)
        var own: [Double] = []
        var gits: [Double] = []
        for round in 0..<Self.rounds {
            // One file that both sides change in different lines, and one that each side has for itself.
            let ours = try side(base, "zero\none\ntwo \(round)\nthree\n", round, round + 1, repository)
            let theirs = try side(base, "one\ntwo \(round)\nthree\nfour\n", round, round + 2, repository)
            let (a, b) = (try commit(ours, [ancestor], repository), try commit(theirs, [ancestor], repository))
            var merged: MergeResult?
            own.append(try Self.time { merged = try repository.merge(ancestor: base, ours: ours, theirs: theirs) })
            var printed = ""
            gits.append(
                try Self.time { printed = try Self.git(["merge-tree", "--write-tree", a.hex, b.hex], in: folder) })
            guard case .clean(let tree)? = merged, printed.hasPrefix(tree.hex) else {
                print("round \(round): the results differ, \(String(describing: merged)) and \(printed)")
                exit(1)
            }
        }
        let (mine, theirs) = (own.sorted()[Self.rounds / 2], gits.sorted()[Self.rounds / 2])
        print(
            String(
                format: "%6d files: %.2f ms, git merge-tree %.2f ms, ratio %.2f", files, mine * 1e3, theirs * 1e3,
                mine / theirs))
    }

    private func path(_ number: Int) -> String {
        "folder\(number / Self.perFolder % 40)/d\(number / Self.perFolder)/f\(number)"
    }

    private func side(
        _ base: ObjectID, _ text: String, _ shared: Int, _ own: Int, _ repository: Repository
    ) throws -> ObjectID {
        try repository.tree(
            base: base,
            applying: [
                (path(shared), (.regular, try repository.writeBlob(Array(text.utf8)))),
                (path(files - own), (.regular, try repository.writeBlob(Array("own \(own)\n".utf8)))),
            ])
    }

    private func commit(_ tree: ObjectID, _ parents: [ObjectID], _ repository: Repository) throws -> ObjectID {
        let author = Signature(name: "a", email: "a@b", seconds: 1)
        return try repository.commit(tree: tree, parents: parents, message: "m", author: author, committer: author)
    }

    private static let environment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
    ]

    private static func time(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    @discardableResult
    private static func git(_ arguments: [String], in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
