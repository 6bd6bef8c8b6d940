import Foundation
import TestSupport
import Testing

/// Slots on file systems that share the blocks of copied files.
@Suite(.ownThreads) struct SharedBlocksTests {
    /// Mounts a new file system in a mount namespace of its own, so that the mount ends with the command.
    private static func command(_ fileSystem: String, _ body: String, in folder: String) -> [String] {
        let make = fileSystem == "xfs" ? "mkfs.xfs -q -m reflink=1" : "mkfs.btrfs -q"
        return [
            "--mount", "/bin/sh", "-ec",
            """
            cd '\(folder)'
            truncate -s 400M image
            \(make) image >/dev/null
            mkdir -p shares
            mount -o loop image shares
            \(body)
            """,
        ]
    }

    private static let unshare = "/usr/bin/unshare"

    private static func isPossible(_ fileSystem: String) throws -> Bool {
        guard FileManager.default.isExecutableFile(atPath: unshare) else { return false }
        let directory = try ScratchDirectory("shares")
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
        return try run(
            unshare, command(fileSystem, "true", in: directory.path), in: "/", environment: ["PATH": path], input: []
        ).status == 0
    }

    @Test(arguments: ["xfs", "btrfs"]) func `five copies of installed dependencies take the room of one`(
        _ fileSystem: String
    ) throws {
        guard try Self.isPossible(fileSystem) else {
            print(
                "skipped: a \(fileSystem) file system cannot be made and mounted here; it needs root and mkfs.\(fileSystem)"
            )
            return
        }
        let shop = try Workshop(replaying: .none(reason: "the state ends with its file system"))
        try shop.repository.commit(
            ["a.txt": "old\n", "b.txt": "old\n", "c.txt": "old\n", ".gitignore": "node_modules/\n"])
        try shop.plan(
            """
            scope: {include: ["*.txt"]}
            setup: [{run: "mkdir node_modules && head -c 30000000 /dev/urandom >node_modules/library && cksum node_modules/library >node_modules/sum"}]
            workers:
              max_parallel: 3
              ladder: [{run: "cksum node_modules/library | cmp - node_modules/sum && echo {task} >>node_modules/library && sed -i s/old/new/ {files}", attempts: 1}]
            verify:
              landing: [{run: "cksum node_modules/library | cmp - node_modules/sum", probe: off}]
            """)
        let folder = shop.directory.path
        let body = """
            used() { sync; df --output=used --block-size=1000000 shares | tail -1; }
            before=$(used)
            XDG_STATE_HOME='\(folder)/shares' '\(Workshop.program)' migrate --plan plan.yaml >&2
            copies=$(find shares -name library | wc -l)
            echo "$copies $(($(used) - before))"
            """
        let result = try run(
            Self.unshare, Self.command(fileSystem, body, in: folder), in: folder,
            environment: shop.environment.merging(["PATH": "\(shop.environment["PATH"] ?? ""):/usr/sbin:/sbin"]) { $1 },
            input: [])
        #expect(result.status == 0, "\(result.errorText)")
        let figures = result.text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(figures.count == 2, "\(result.text)\(result.errorText)")
        // The template and the slots of the workers and the checks.
        #expect(figures[0] >= 4)
        #expect(figures[1] < 75, "\(figures[0]) copies of 30 MB took \(figures[1]) MB")
        #expect(try shop.landed().count == 3)
    }
}
