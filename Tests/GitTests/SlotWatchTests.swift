#if os(Linux)
import Foundation
import Git
import Model
import TestSupport
import Testing

/// A slot that looks only at what was touched finds what one that reads every file finds.
@Suite
struct SlotWatchTests {
    private func bench(folders: Int = 12, files: Int = 5) throws -> SlotBench {
        var contents = [".gitignore": "*.o\nbuild/\n", "sub/.gitignore": "!kept.o\n", "A": "upper\n", "a": "lower\n"]
        for folder in 0..<folders {
            for file in 0..<files { contents["d\(folder % 4)/e\(folder)/f\(file)"] = "\(folder) \(file)\n" }
        }
        return try SlotBench(contents)
    }

    /// What a slot that has watched nothing finds in the same checkout.
    private func inFull(_ bench: SlotBench) throws -> Capture {
        try Slot(at: bench.slot.directory, target: bench.repository).capture()
    }

    /// Moves until only touched files are looked at: the first moves make the directories that the next ones watch.
    private func settle(_ bench: SlotBench, at commit: ObjectID) throws {
        for _ in 0..<3 { try bench.slot.move(to: commit) }
    }

    @Test func `a look costs what was touched, not what there is`() throws {
        let bench = try bench(folders: 40, files: 50)
        try settle(bench, at: bench.first)
        #expect(try bench.slot.move(to: bench.first).looked == 0)
        try bench.tree.write("d1/e1/f3", "changed\n")
        try bench.tree.write("d1/new", "new\n")
        let capture = try bench.slot.capture()
        #expect(capture.changes.map(\.path) == ["d1/e1/f3", "d1/new"])
        #expect(capture.looked <= 4)
        let second = try bench.commit(["d2/e2/f1": "landed\n"])
        let move = try bench.slot.move(to: second)
        #expect(move.looked <= 5 && move.written == 2 && move.deleted == 1)
        #expect(try bench.tree.read("d1/e1/f3") == "1 3\n" && bench.tree.read("d2/e2/f1") == "landed\n")
        #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "")
    }

    @Test(arguments: 1...12)
    func `random changes are found and undone as by a look at every file`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bench = try bench()
        let second = try bench.commit(["d1/e1/f0": "second\n", "d9/new": "second\n"], removing: ["d2/e2/f2"])
        try settle(bench, at: bench.first)
        for round in 0..<12 {
            for _ in 0..<generator.pick([1, 3, 8]) { try change(bench, &generator) }
            let expected = try inFull(bench)
            let found = try bench.slot.capture()
            #expect(found.tree == expected.tree, "seed \(seed), round \(round)")
            #expect(found.changes.map(\.path) == expected.changes.map(\.path), "seed \(seed), round \(round)")
            #expect(found.special.sorted() == expected.special.sorted())
            #expect(found.repositories.sorted() == expected.repositories.sorted())
            #expect(found.selfIgnored.sorted() == expected.selfIgnored.sorted())
            let commit = generator.pick([bench.first, second])
            try bench.slot.move(to: commit)
            #expect(try inFull(bench).changes.isEmpty, "seed \(seed), round \(round)")
            #expect(try bench.tree.git("status", "--porcelain", "--ignored") == "", "seed \(seed), round \(round)")
            #expect(try strange(bench) == [], "seed \(seed), round \(round)")
        }
    }

    /// One change of the kinds that a worker makes.
    private func change(_ bench: SlotBench, _ generator: inout SeededGenerator) throws {
        let folder = "d\(Int.random(in: 0..<4, using: &generator))"
        let inner = "\(folder)/e\(Int.random(in: 0..<12, using: &generator))"
        let file = "\(inner)/f\(Int.random(in: 0..<5, using: &generator))"
        let other = "\(generator.pick(["x", folder, "d1/y", "build"]))/\(generator.pick(["p", "q.o", "r"]))"
        // What an earlier change has left decides whether one succeeds, and both ends are looked at.
        let script = generator.pick([
            "echo more >>\(file)", "rm -f \(file)", "chmod 755 \(file)", "chmod 600 \(file)", "rm -rf \(inner)",
            "mv \(file) \(inner)/moved", "mkdir -p $(dirname \(other)) && mv \(file) \(other)",
            "mv \(inner) z\(folder)", "mv \(inner) away && echo x >away/new && mv away \(inner)",
            "mkdir -p $(dirname \(other)) && echo new >\(other)",
            "rm -f \(file) && mkdir \(file) && echo x >\(file)/in",
            "rm -rf \(inner) && echo file >\(inner)", "rm -rf \(inner) && mkdir -p \(inner) && echo x >\(inner)/f0",
            "ln -sf /etc/passwd \(file)", "rm -rf \(inner) && ln -s /etc \(inner)", "mv A tmp; mv a A; mv tmp a",
            "touch -r \(file) .git/ref; printf 'Z' | dd of=\(file) conv=notrunc status=none; touch -r .git/ref \(file)",
            "mkdir -p n/m && git init -q n/m", "mkdir -p c && echo '*' >c/.gitignore && echo x >c/data",
            "echo o >\(inner)/x.o; echo o >sub/kept.o", "chmod 0 \(inner)", "chmod 700 \(folder)",
            "mkfifo \(other)-pipe",
            "ln \(file) \(inner)/second-name", "ln \(file) kept; echo through >>kept", "cat \(file)", "git status",
            "sed -i s/1/one/ \(file)", "setfattr -n user.x -v 1 \(file) \(inner)", "sh -c 'echo late >>\(file)' & wait",
            "python3 -c 'import mmap; m=mmap.mmap(open(\"\(file)\",\"r+b\").fileno(),0); m[0:1]=b\"M\"'",
        ])
        _ = try shell(script, in: bench)
    }

    private func shell(_ script: String, in bench: SlotBench) throws -> String {
        try run(
            "/bin/sh", ["-c", script], in: bench.slot.treePath,
            environment: ["PATH": "/usr/bin:/bin", "HOME": bench.target.directory.path], input: []
        ).text
    }

    /// Files of the checkout that are not as in a new one: with another name, or a mode of their own.
    private func strange(_ bench: SlotBench) throws -> [String] {
        let script = "find . -name .git -prune -o -type f '(' -links +1 -o -not -perm 644 ')' -print"
        return try shell(script, in: bench).split(separator: "\n").map(String.init)
    }

    @Test func `a change through a name that is gone is found if it is told that there was one`() throws {
        let bench = try bench()
        try settle(bench, at: bench.first)
        // As the sandbox does: it tells of every link.
        _ = try shell("mkdir n && ln d1/e1/f1 n/y && echo x >>n/y && rm -r n", in: bench)
        bench.slot.distrustWatch()
        #expect(try bench.slot.capture().changes.map(\.path) == ["d1/e1/f1"])
        try bench.slot.move(to: bench.first)
        #expect(try inFull(bench).changes.isEmpty)
    }

    @Test func `a process that was started before a move and writes after it is found out`() throws {
        let bench = try bench()
        try settle(bench, at: bench.first)
        let process = Process()
        let (go, ready) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "exec 3>>d1/e1/f1; echo ready; read line; echo late >&3; mv d1/e1/f2 d1/gone"]
        process.currentDirectoryURL = URL(fileURLWithPath: bench.slot.treePath)
        process.standardInput = go
        process.standardOutput = ready
        try process.run()
        _ = ready.fileHandleForReading.readData(ofLength: 6)
        try bench.slot.move(to: bench.first)
        try go.fileHandleForWriting.write(contentsOf: Data("go\n".utf8))
        process.waitUntilExit()
        #expect(try bench.slot.capture().changes.map(\.path) == ["d1/e1/f1", "d1/e1/f2", "d1/gone"])
    }

    @Test func `what more events than the queue holds tell of is found`() throws {
        let bench = try bench()
        try settle(bench, at: bench.first)
        let script = "i=0; while [ $i -lt 6000 ]; do : >d1/x$i; i=$((i + 1)); done; rm d1/x*; echo x >>d2/e2/f1"
        _ = try shell(script, in: bench)
        #expect(try bench.slot.capture().changes.map(\.path) == ["d2/e2/f1"])
        try settle(bench, at: bench.first)
        #expect(try bench.slot.move(to: bench.first).looked == 0)
    }

    @Test func `a repository that no worker has used is brought up to date, and one that was used is made anew`() throws
    {
        let bench = try bench()
        let second = try bench.commit(["d1/e1/f0": "second\n", "new": "second\n"], removing: ["d2/e2/f2"])
        try settle(bench, at: bench.first)
        for (number, commit) in [second, bench.first, second].enumerated() {
            if number == 1 { try bench.target.git("branch", "later") }
            let before = try bench.inode(".git")
            try bench.slot.move(to: commit)
            #expect(try bench.inode(".git") == before)
            // Git would touch the repository, so it looks at a copy.
            let copy = bench.target.directory.appending("copy\(number)")
            _ = try shell("cp -a . \(copy)", in: bench)
            let tree = try ScratchRepository(existing: copy, in: bench.target.directory)
            #expect(try tree.git("rev-parse", "HEAD") == commit.hex)
            #expect(try tree.git("status", "--porcelain", "--ignored") == "")
            #expect(try tree.git("write-tree") == bench.repository.treeOf(commit).hex)
            #expect(try tree.git("branch", "--list", "later").contains("later") == (number > 0))
            try settle(bench, at: commit)
        }
        for script in [
            "git status", "mkdir .git/hooks && echo exit 1 >.git/hooks/pre-commit", "echo [core] >>.git/config",
            "ln .git/config second && echo '[core] fsmonitor = x' >>second", "mv .git w && mv w .git",
        ] {
            _ = try shell(script, in: bench)
            try bench.slot.move(to: second)
            #expect(!bench.exists(".git/hooks") && !bench.exists("second"))
            #expect(try !bench.tree.read(".git/config").contains("fsmonitor"))
            #expect(try bench.tree.read(".git/config").hasSuffix("worker@localhost\n"))
        }
    }

    @Test
    func `files of a template that a worker changes, deletes or adds are put right, and reading them costs little`()
        throws
    {
        let bench = try SlotBench([".gitignore": "deps/\n", "a": "1\n", "dir/b": "1\n"])
        let other = try Slot(at: bench.target.directory.appending("slots/build"), target: bench.repository)
        try other.move(to: bench.first)
        for name in ["x/one", "x/two", "y/three"] {
            let path = "\(other.treePath)/deps/\(name)"
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data("\(name)\n".utf8).write(to: URL(fileURLWithPath: path))
        }
        let template = try other.makeTemplate(
            .init(key: "k", folder: bench.target.directory.appending("template")))
        for _ in 0..<3 { try bench.slot.move(to: bench.first, with: template) }
        for script in [
            "echo bad >deps/x/one", "rm deps/x/two", "echo more >deps/y/more", "rm -r deps", "mv deps elsewhere",
            "chmod 700 deps/x", "cat deps/x/one", "mv deps/x deps/z && mv deps/z deps/x && echo 1 >>deps/x/one",
        ] {
            _ = try shell(script, in: bench)
            try bench.slot.move(to: bench.first, with: template)
            let listing = try shell("find deps -printf '%p %m\\n'", in: bench)
            #expect(
                listing.split(separator: "\n").sorted() == [
                    "deps 755", "deps/x 755", "deps/x/one 644", "deps/x/two 644", "deps/y 755", "deps/y/three 644",
                ], "\(script)")
            #expect(try bench.tree.read("deps/x/one") == "x/one\n", "\(script)")
        }
    }
}
#endif
