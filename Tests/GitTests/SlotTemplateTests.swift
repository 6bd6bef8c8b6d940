import Foundation
import Git
import Model
import TestSupport
import Testing

/// Files that a slot gets beside those of a commit.
@Suite struct SlotTemplateTests {
    /// A slot with a template that another slot has made.
    private struct Made {
        let bench: SlotBench
        let template: SlotTemplate
        let maker: Slot
    }

    private func made(_ prepare: (ScratchRepository) throws -> Void) throws -> Made {
        let bench = try SlotBench([".gitignore": "node_modules/\n*.env\n", "a": "1\n", "lib/b": "1\n"])
        let maker = try Slot(at: bench.target.directory.appending("slots/maker"), target: bench.repository)
        try maker.move(to: bench.first)
        try prepare(try ScratchRepository(existing: maker.treePath, in: bench.target.directory))
        let folder = bench.target.directory.appending("slots/template")
        let template = try maker.makeTemplate(TemplateRequest(key: "k", folder: folder))
        return Made(bench: bench, template: template, maker: maker)
    }

    private func modules(_ tree: ScratchRepository) throws {
        try tree.write("node_modules/x/index.js", "good\n")
        try tree.write("node_modules/x/run", "#!/bin/sh\n")
        try tree.write("lib/.env", "A=1\n")
        try shell("chmod 750 node_modules/x/run; ln -s index.js node_modules/x/link; mkdir node_modules/empty", tree)
    }

    private func shell(_ script: String, _ tree: ScratchRepository) throws {
        let result = try run("/bin/sh", ["-ec", script], in: tree.path, environment: tree.environment, input: [])
        #expect(result.status == 0, "\(result.errorText)")
    }

    /// All that can be told of the ignored files, except inodes and change times.
    private func listing(_ tree: ScratchRepository) throws -> String {
        try run(
            "/bin/sh",
            [
                "-c",
                "find node_modules lib/.env -printf '%p %y %m %s %T@ %l\\n' | sort; "
                    + "find node_modules lib -type f | sort | xargs sha256sum",
            ], in: tree.path, environment: tree.environment, input: []
        ).text.replacing(#/\.0+ /#, with: " ").split(separator: "\n").filter { !$0.contains(" d ") }.joined(
            separator: "\n")
    }

    @Test func `a slot gets the files of a template, with their modes and times`() throws {
        let made = try made(modules)
        try made.bench.slot.move(to: made.bench.first, with: made.template)
        let tree = made.bench.tree
        #expect(try tree.read("node_modules/x/index.js") == "good\n")
        #expect(try tree.read("lib/.env") == "A=1\n")
        try shell(
            "test $(stat -c %a node_modules/x/run) = 750; test -L node_modules/x/link; test -d node_modules/empty", tree
        )
        #expect(try made.bench.slot.capture().changes == [])
        #expect(try tree.git("status", "--porcelain") == "")
        #expect(made.template.ownedPaths == ["lib/.env", "node_modules"])
    }

    @Test(arguments: [
        "echo evil >node_modules/x/index.js", "rm -r node_modules", "rm node_modules/x/index.js",
        "touch -r node_modules/x/index.js t; printf 'evil\\n' >node_modules/x/index.js; "
            + "touch -r t node_modules/x/index.js; rm t",
        "echo evil >node_modules/x/new.js", "rm -r node_modules; echo file >node_modules",
        "rm -r node_modules; ln -s lib node_modules", "chmod 777 node_modules/x/run", "chmod 700 node_modules/x",
        "chmod 000 node_modules/x", "rm node_modules/x/link; ln -s /etc/passwd node_modules/x/link",
        "ln node_modules/x/index.js n.env; echo evil >>n.env", "rmdir node_modules/empty; mkfifo node_modules/empty",
        "echo evil >lib/.env", "mkdir node_modules/x/.git; echo evil >node_modules/x/.git/HEAD",
        "rm -r lib; ln -s . lib",
        "mv node_modules/x node_modules/y; cp -a node_modules/y node_modules/x",
        "python3 -c \"import mmap; f=open('node_modules/x/index.js','r+b'); m=mmap.mmap(f.fileno(),0); m[0:4]=b'evil'\"",
    ])
    func `what a worker changes in a template's files is gone after a move`(harm: String) throws {
        let made = try made(modules)
        let (slot, tree) = (made.bench.slot, made.bench.tree)
        try slot.move(to: made.bench.first, with: made.template)
        let before = try listing(tree)
        try shell(harm, tree)
        try slot.move(to: made.bench.first, with: made.template)
        #expect(try listing(tree) == before)
        #expect(try tree.read("node_modules/x/index.js") == "good\n")
        try shell(
            "test $(stat -c %a node_modules/x) = $(stat -c %a lib); test ! -e n.env; test -d node_modules/empty; "
                + "test $(stat -c %h node_modules/x/index.js) = 1", tree)
    }

    @Test func `a file of the same size and time is found in another coordinator, too`() throws {
        let made = try made(modules)
        try made.bench.slot.move(to: made.bench.first, with: made.template)
        try shell(
            "touch -r node_modules/x/index.js ../t; printf 'evil\\n' >node_modules/x/index.js; "
                + "touch -r ../t node_modules/x/index.js", made.bench.tree)
        let again = try Slot(at: made.bench.slot.directory, target: made.bench.repository)
        let template = try required(SlotTemplate(at: made.template.folder))
        #expect(template.count == made.template.count)
        let move = try again.move(to: made.bench.first, with: template)
        #expect(move.copied == 1)
        #expect(try made.bench.tree.read("node_modules/x/index.js") == "good\n")
    }

    @Test func `files that nobody touched are not copied again`() throws {
        let made = try made(modules)
        #expect(try made.bench.slot.move(to: made.bench.first, with: made.template).copied == 4)
        let inode = try made.bench.inode("node_modules/x/index.js")
        #expect(try made.bench.slot.move(to: made.bench.first, with: made.template).copied == 0)
        #expect(try made.bench.inode("node_modules/x/index.js") == inode)
    }

    @Test func `writing in one slot changes neither the template nor another slot`() throws {
        let made = try made(modules)
        let other = try Slot(at: made.bench.target.directory.appending("slots/2"), target: made.bench.repository)
        try made.bench.slot.move(to: made.bench.first, with: made.template)
        try other.move(to: made.bench.first, with: made.template)
        try shell("echo evil >>node_modules/x/index.js; chmod 600 node_modules/x/index.js", made.bench.tree)
        let others = try ScratchRepository(existing: other.treePath, in: made.bench.target.directory)
        #expect(try others.read("node_modules/x/index.js") == "good\n")
        let third = try Slot(at: made.bench.target.directory.appending("slots/3"), target: made.bench.repository)
        try third.move(to: made.bench.first, with: made.template)
        let thirds = try ScratchRepository(existing: third.treePath, in: made.bench.target.directory)
        #expect(try thirds.read("node_modules/x/index.js") == "good\n")
    }

    @Test func `a move without the template takes its files away`() throws {
        let made = try made(modules)
        try made.bench.slot.move(to: made.bench.first, with: made.template)
        try made.bench.slot.move(to: made.bench.first)
        #expect(!made.bench.exists("node_modules") && !made.bench.exists("lib/.env"))
    }

    @Test func `a read-only folder can be laid, changed and laid again`() throws {
        let made = try made { tree in
            try tree.write("node_modules/mod/go.mod", "m\n")
            try shell("chmod 444 node_modules/mod/go.mod; chmod 555 node_modules/mod", tree)
        }
        for _ in 0..<2 {
            try made.bench.slot.move(to: made.bench.first, with: made.template)
            try shell(
                "test $(stat -c %a node_modules/mod) = 555; test $(stat -c %a node_modules/mod/go.mod) = 444",
                made.bench.tree)
            try shell("chmod -R u+w node_modules; echo evil >node_modules/mod/go.mod", made.bench.tree)
        }
        try shell("chmod -R u+w node_modules", made.bench.tree)
    }

    @Test func `a commit's own file at a template's path stays`() throws {
        let made = try made(modules)
        try made.bench.target.write("node_modules/x/index.js", "tracked\n")
        try made.bench.target.git("add", "--force", "node_modules/x/index.js")
        let second = try made.bench.commit(["a": "2\n"])
        try made.bench.slot.move(to: second, with: made.template)
        #expect(try made.bench.tree.read("node_modules/x/index.js") == "tracked\n")
        #expect(try made.bench.tree.read("node_modules/x/run") == "#!/bin/sh\n")
        #expect(try made.bench.slot.capture().changes == [])
    }

    @Test func `files that name their checkout name the slot`() throws {
        let made = try made { tree in
            try tree.write("node_modules/bin", "#!\(tree.path)/node_modules/x\nother \(tree.path)-2\n")
            try Data("\0\0bin \(tree.path)/y\0".utf8).write(
                to: URL(fileURLWithPath: tree.appending("node_modules/b.pyc")))
            try shell("ln -s \(tree.path)/a node_modules/abs", tree)
        }
        try made.bench.slot.move(to: made.bench.first, with: made.template)
        let (tree, maker) = (made.bench.tree, made.maker.treePath)
        #expect(try tree.read("node_modules/bin") == "#!\(tree.path)/node_modules/x\nother \(maker)-2\n")
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: tree.appending("node_modules/abs"))
                == tree.appending("a"))
        let binary = try Data(contentsOf: URL(fileURLWithPath: tree.appending("node_modules/b.pyc")))
        #expect(binary.count == Data("\0\0bin \(maker)/y\0".utf8).count)
        #expect(binary.range(of: Data(maker.utf8)) == nil)
        #expect(String(decoding: binary, as: UTF8.self).replacing(#/\/+/#, with: "/").contains("\(tree.path)/y"))
    }

    @Test func `a damaged list of a template is no template`() throws {
        let made = try made(modules)
        let list = made.template.folder + "/list"
        let whole = try Data(contentsOf: URL(fileURLWithPath: list))
        for count in [0, 10, whole.count / 2, whole.count - 1] {
            try whole.prefix(count).write(to: URL(fileURLWithPath: list))
            #expect(SlotTemplate(at: made.template.folder) == nil)
        }
    }
}
