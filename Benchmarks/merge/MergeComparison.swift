import Foundation
import Git
import Model

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs the same merges with orchestrate and with the git command line, and compares their times.
struct MergeComparison {
    let files: Int

    private static let rounds = 21
    private static let perFolder = 50

    /// - Throws: any failure to create or merge the repository.
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
        let starts = try (0..<Self.rounds).map { _ in try Self.time { try Self.git(["--version"], in: folder) } }
        let start = starts.sorted()[Self.rounds / 2]
        try compare("other files", shares: false, base: base, repository, start: start)
        // These merges run git too, so the difference is the time for attributes and wrapping commits.
        try compare("same files", shares: true, base: base, repository, start: start)
    }

    /// - Parameters:
    ///   - shares: whether both sides change different lines of one file. Each side also changes another file.
    ///   - start: seconds to start git without doing anything.
    private func compare(
        _ name: String, shares: Bool, base: ObjectID, _ repository: Repository, start: Double
    ) throws {
        let folder = repository.commonDirectory
        let ancestor = try commit(base, parents: [], repository)
        var own: [Double] = []
        var gits: [Double] = []
        for round in 0..<Self.rounds {
            let second = shares ? round : round + 100
            let ours = try side(
                base, text: "zero\none\ntwo \(round)\nthree\n", shared: round, own: round + 1, repository)
            let theirs = try side(
                base, text: "one\ntwo \(second)\nthree\nfour\n", shared: second, own: round + 2 + 100, repository)
            let a = try commit(ours, parents: [ancestor], repository)
            let b = try commit(theirs, parents: [ancestor], repository)
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
                format: "%6d files, %@ changed: %6.2f ms, git merge-tree %6.2f ms (of which start %.2f ms), ratio %.2f",
                files, name, mine * 1e3, theirs * 1e3, start * 1e3, mine / theirs))
    }

    private func path(_ number: Int) -> String {
        "folder\(number / Self.perFolder % 40)/d\(number / Self.perFolder)/f\(number)"
    }

    private func side(
        _ base: ObjectID, text: String, shared: Int, own: Int, _ repository: Repository
    ) throws -> ObjectID {
        try repository.tree(
            base: base,
            applying: [
                (path(shared), (.regular, try repository.writeBlob(Array(text.utf8)))),
                (path(files - own), (.regular, try repository.writeBlob(Array("own \(own)\n".utf8)))),
            ])
    }

    private func commit(_ tree: ObjectID, parents: [ObjectID], _ repository: Repository) throws -> ObjectID {
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

    private static let gitPath =
        (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/git" }
        .first { FileManager.default.isExecutableFile(atPath: $0) } ?? "/usr/bin/git"

    /// Starts git as orchestrate does. Foundation's `Process` checks only every 50 ms whether a process has ended.
    @discardableResult
    private static func git(_ arguments: [String], in folder: String) throws -> String {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw CocoaError(.fileReadUnknown) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        var words = (["git", "-C", folder] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var process: pid_t = 0
        let problem = posix_spawn(&process, gitPath, &actions, nil, &words, &variables)
        close(ends[1])
        guard problem == 0 else { throw CocoaError(.executableNotLoadable) }
        let output = FileHandle(fileDescriptor: ends[0], closeOnDealloc: false).readDataToEndOfFile()
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return String(decoding: output, as: UTF8.self)
    }
}
