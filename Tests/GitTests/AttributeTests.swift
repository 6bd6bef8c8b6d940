import TestSupport
import Testing

@testable import Git

@Suite
struct AttributeTests {
    private static let names = ["text", "eol", "crlf", "ident", "filter", "merge", "diff", "mine"]

    @Test func `200 generated attribute files, each against 20 paths`() throws {
        let scratch = try ScratchRepository()
        var random = SeededGenerator(seed: 11)
        for round in 0..<200 {
            let files = [Self.lines(&random, isRoot: true), Self.lines(&random, isRoot: false)]
            try scratch.write(".gitattributes", files[0])
            try scratch.write("a/.gitattributes", files[1])
            let info = round % 3 == 0 ? Self.lines(&random, isRoot: true) : ""
            try scratch.write(".git/info/attributes", info)
            let paths = ["x.c", "a/x.c", "a/b/x.txt", "a/b/y z", "b/ü", "a/b", "b/a/q\"q.txt", "dir/a", "bin.o"]
            let answer = try scratch.git(
                ["check-attr", "-z", "--stdin"] + Self.names, input: Array(paths.joined(separator: "\0").utf8))
            let fields = answer.split(separator: "\0").map(String.init)
            for start in stride(from: 0, to: fields.count - 2, by: 3) {
                let path = Array(fields[start].utf8)
                var rules = AttributeRules(info: AttributeFile(Array(info.utf8)))
                rules.add(AttributeFile(Array(files[0].utf8)), at: [])
                if path.isBelow(Array("a".utf8)) { rules.add(AttributeFile(Array(files[1].utf8)), at: Array("a".utf8)) }
                let value = Self.text(rules.attributes(of: path)[fields[start + 1]])
                #expect(
                    value == fields[start + 2], "round \(round): \(fields[start + 1]) of \(fields[start]) by \(files)")
            }
        }
    }

    private static func lines(_ random: inout SeededGenerator, isRoot: Bool) -> String {
        let patterns = [
            "*", "*.c", "a/*", "/x.c", "b", "**/x.txt", "\"y z\"", "ü", "\"q\\\"q.txt\"", "a/b/", "*.o", "[ab]",
        ]
        let values = [
            "text", "-text", "!text", "text=auto", "eol=lf", "eol=crlf", "crlf", "-crlf", "ident", "-ident",
            "filter=lfs", "-filter", "merge=union", "-merge", "binary", "mine", "mac", "-mac", "!mac",
        ]
        var lines = (0..<Int.random(in: 1...5, using: &random)).map { _ in
            let attributes = (0..<Int.random(in: 1...3, using: &random)).map { _ in random.pick(values) }
            return random.pick(patterns) + " " + attributes.joined(separator: random.pick([" ", "\t"]))
        }
        if isRoot, random.chance(50) { lines.insert("[attr]mac text=auto -diff binary mine=1", at: 0) }
        if random.chance(20) { lines.append("# a comment text") }
        return lines.joined(separator: random.pick(["\n", "\r\n"])) + "\n"
    }

    private static func text(_ value: AttributeValue?) -> String {
        switch value {
        case .set: "set"
        case .unset: "unset"
        case .text(let text): text
        case .unspecified, nil: "unspecified"
        }
    }

    @Test(arguments: [
        "text", "text=auto", "eol=crlf", "text=auto eol=crlf", "text eol=lf", "-text", "ident", "ident eol=crlf",
        "crlf", "-crlf eol=crlf", "crlf=input", "binary", "text=auto eol=lf ident", "text=unknown",
    ])
    func `30 generated contents come out of a checkout and into a blob as with git`(attributes: String) throws {
        let scratch = try ScratchRepository()
        var random = SeededGenerator(seed: 3)
        var stored: [String: [UInt8]] = [:]
        for number in 0..<30 { stored["f\(number)"] = Self.content(&random) }
        // Stored as they are first: the attributes come into force afterwards.
        for (path, bytes) in stored { try scratch.write(path, bytes: bytes) }
        try scratch.commit()
        try scratch.write(".gitattributes", "f* \(attributes)\n")
        try scratch.git("add", ".gitattributes")
        for path in stored.keys { try scratch.remove(path) }
        try scratch.git("checkout-index", "--all", "--force")

        var rules = AttributeRules(info: nil)
        rules.add(AttributeFile(Array("f* \(attributes)\n".utf8)), at: [])
        let conversion = Conversion(rules.attributes(of: Array("f1".utf8)))
        let ids = try Self.staged(scratch)
        var edited: [String: [UInt8]] = [:]
        for (path, bytes) in stored.sorted(by: { $0.key < $1.key }) {
            let checkedOut = try scratch.bytes(path)
            #expect(conversion.toCheckout(bytes, id: try required(ids[path])) == checkedOut, "\(path)")
            // What a worker may have made of it.
            let new = random.chance(50) ? Self.content(&random) : checkedOut + Self.content(&random)
            try scratch.write(path, bytes: new)
            edited[path] = new
        }
        try scratch.git("add", "--all")
        let recorded = try Self.staged(scratch)
        for (path, bytes) in edited {
            let blob = try conversion.toRepository(bytes) { stored[path] }
            #expect(try ObjectDatabase.hash(blob) == recorded[path], "\(path)")
        }
    }

    private static func staged(_ scratch: ScratchRepository) throws -> [String: RawID] {
        var ids: [String: RawID] = [:]
        for line in try scratch.git("ls-files", "--stage", "-z").split(separator: "\0") {
            let parts = line.split(separator: "\t")
            ids[String(parts[1])] = RawID(hex: String(parts[0].split(separator: " ")[1]))
        }
        return ids
    }

    private static func content(_ random: inout SeededGenerator) -> [UInt8] {
        let pieces = [
            "line\n", "line\r\n", "\r", "\n", "\r\n", "$Id$\n", "$Id: old $\n", "$Id: two words $\r\n", "$Id:x$",
            "$Id\n$",
            "$Id: \n$", "text $ $Id$ $Id$", "\u{1}\u{2}", "\u{1a}", "long text without an end ", "\t\u{8}", "$Ix$",
            "$Id:  $",
        ]
        let parts = (0..<Int.random(in: 0...6, using: &random)).map { _ in random.pick(pieces) }
        return Array(parts.joined().utf8) + (random.chance(10) ? [0] : [])
    }
}
