import Foundation
import TestSupport
import Testing

/// A slot has what a fresh clone has after the steps of its README: tags, submodules, large files, all paths.
@Suite(.ownThreads) struct CompleteSlotTests {
    private func migrate(_ shop: Workshop, check: String) throws {
        try shop.plan(
            """
            scope: {include: ["*.txt"]}
            workers:
              ladder: [{run: "sed -i s/old/new/ {files}", attempts: 1}]
            verify:
              done: [{run: "grep -q new {file}"}]
              task: [{run: "\(check)"}]
              landing: [{run: "\(check)", probe: off}]
            """)
        let before = try shop.fingerprint()
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed() == ["a.txt"])
        #expect(try shop.fingerprint() == before)
    }

    private func library(_ name: String, _ shop: Workshop, _ files: [String: String]) throws -> ScratchRepository {
        let library = try ScratchRepository(name, in: shop.directory)
        try library.commit(files)
        return library
    }

    @Test func `git describe works in a slot`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.txt": "old\n"])
        try shop.repository.git("tag", "-a", "-m", "one", "v1.0")
        try shop.repository.git("branch", "release")
        try migrate(shop, check: "git describe | grep -q ^v1.0 && git rev-parse --verify -q release")
    }

    @Test func `a submodule of a submodule has its files, without network`() throws {
        let shop = try Workshop()
        let inner = try library("inner", shop, ["inner.py": "VALUE = 1\n"])
        let outer = try library("outer", shop, ["outer.py": "from deep.inner import VALUE\n"])
        let allow = ["-c", "protocol.file.allow=always"]
        try outer.git(allow + ["submodule", "--quiet", "add", inner.path, "deep"])
        try outer.git("commit", "-q", "-m", "deep")
        try shop.repository.commit(["a.txt": "old\n"])
        try shop.repository.git(
            allow + ["submodule", "--quiet", "add", "--name", "odd name", outer.path, "vendor/outer"])
        try shop.repository.git(allow + ["submodule", "--quiet", "update", "--init", "--recursive"])
        try shop.repository.git("commit", "-q", "-m", "outer")
        try FileManager.default.removeItem(atPath: inner.path)
        try FileManager.default.removeItem(atPath: outer.path)
        try migrate(
            shop,
            check: "cd vendor/outer && python3 -B -c 'import outer; assert outer.VALUE == 1' && test -e deep/inner.py")
    }

    @Test func `what a worker writes into a submodule reaches no check`() throws {
        let shop = try Workshop()
        let inner = try library("inner", shop, ["inner.txt": "good\n"])
        try shop.repository.commit(["a.txt": "old\n"])
        try shop.repository.git([
            "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path, "vendor",
        ])
        try shop.repository.git("commit", "-q", "-m", "vendor")
        try shop.plan(
            """
            scope: {include: ["*.txt"]}
            workers:
              ladder: [{run: "sed -i s/old/new/ {files}; echo evil >vendor/inner.txt; echo evil >vendor/more", attempts: 1}]
            verify:
              task: [{run: "grep -qx good vendor/inner.txt && test ! -e vendor/more"}]
              landing: [{run: "grep -qx good vendor/inner.txt && test ! -e vendor/more", probe: off}]
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed() == ["a.txt"])
    }

    @Test func `a submodule that the checkout does not have is told of`() throws {
        let shop = try Workshop()
        let inner = try library("inner", shop, ["inner.txt": "good\n"])
        try shop.repository.commit(["a.txt": "old\n"])
        try shop.repository.git([
            "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path, "vendor",
        ])
        try shop.repository.git("commit", "-q", "-m", "vendor")
        try shop.repository.git("submodule", "--quiet", "deinit", "--force", "vendor")
        try FileManager.default.removeItem(atPath: shop.repository.appending(".git/modules/vendor"))
        try shop.plan(
            """
            scope: {include: ["*.txt"]}
            workers: {ladder: [{run: "sed -i s/old/new/ {files}", attempts: 1}]}
            verify: {landing: [{run: "test -d vendor", probe: off}]}
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(result.errorText.contains("git submodule update --init --recursive"), "\(result.errorText)")
    }

    private static let hasLargeFiles = ["/usr/bin/git-lfs", "/usr/local/bin/git-lfs"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: hasLargeFiles, "git-lfs is not installed"), arguments: [false, true])
    func `files of Git LFS have their content`(isRemote: Bool) throws {
        let shop = try Workshop()
        let remote = shop.directory.appending("remote.git")
        try shop.repository.git("init", "-q", "--bare", remote)
        try shop.repository.git("lfs", "install", "--local")
        try shop.repository.git("remote", "add", "origin", "file://\(remote)")
        try shop.repository.git("lfs", "track", "*.bin")
        try shop.repository.commit(["a.txt": "old\n", "data.bin": "large content\n"])
        #expect(try shop.text("data.bin", at: "main").contains("git-lfs"))
        if isRemote {
            try shop.repository.git("push", "-q", "origin", "main")
            try FileManager.default.removeItem(atPath: shop.repository.appending(".git/lfs/objects"))
        }
        try migrate(shop, check: "grep -qx 'large content' data.bin && git status --porcelain | wc -l | grep -qx 0")
    }

    @Test func `a slot of a sparse checkout has all paths`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["a.txt": "old\n", "left/out/b.py": "1\n", "kept/c.py": "1\n"])
        try shop.repository.git("sparse-checkout", "set", "kept")
        #expect(!FileManager.default.fileExists(atPath: shop.repository.appending("left")))
        try migrate(shop, check: "test -e left/out/b.py && test -e kept/c.py")
    }

    @Test func `each slot has ports of its own`() throws {
        let shop = try Workshop()
        try shop.repository.commit(Dictionary(uniqueKeysWithValues: (0..<4).map { ("f\($0).txt", "old\n") }))
        try shop.plan(
            """
            scope: {include: ["*.txt"]}
            workers:
              max_parallel: 4
              environment: [TRACE]
              ladder: [{run: "sed -i s/old/new/ {files}", attempts: 1}]
            verify:
              environment: [TRACE]
              task: [{run: "echo $ORCHESTRATE_SLOT $ORCHESTRATE_PORT_BASE >>$TRACE"}]
              landing: [{run: "echo $ORCHESTRATE_SLOT $ORCHESTRATE_PORT_BASE >>$TRACE; python3 -c 'import os, socket; s = socket.socket(); s.bind((\\"127.0.0.1\\", int(os.environ[\\"ORCHESTRATE_PORT_BASE\\"]))); s.listen()'", probe: off}]
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        let pairs = Set(shop.traceLines())
        #expect(
            Set(pairs.map { $0.split(separator: " ")[1] }).count == Set(pairs.map { $0.split(separator: " ")[0] }).count
        )
        for pair in pairs {
            let numbers = pair.split(separator: " ").compactMap { Int($0) }
            #expect(numbers.count == 2 && numbers[1] == 20_000 + 20 * numbers[0])
        }
    }
}
