import Git
import Jobs
import Model

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Nothing secret gets into a file.
struct SecretGuard: DiffGuard {
    let rule = "Write no key, token or password into a file."

    func objections(to diff: AttemptDiff) -> [Objection] {
        // What a file of the diff held before has only moved.
        var known: Set<String> = []
        for change in diff.changes {
            guard let old = diff.old(change) else { continue }
            known.formUnion(SecretSearch(old, secrets: diff.secrets, isBinary: change.isBinary).found.map(\.value))
        }
        return diff.changes.flatMap { change -> [Objection] in
            guard let new = diff.new(change) else { return [] }
            let found = SecretSearch(new, secrets: diff.secrets, isBinary: change.isBinary).found
            return found.filter { !known.contains($0.value) }.map { secret in
                // The value itself would go into the log and into the next prompt.
                Objection(path: change.path, line: new.line(at: secret.offset), reason: secret.what)
            }
        }
    }
}

/// Finds what looks secret in a file.
struct SecretSearch {
    struct Found {
        var value: String
        var offset: Int
        /// What it is, for the one who wrote it.
        var what: String
    }

    private(set) var found: [Found] = []

    /// The start of a key, what it goes on with, and how long the rest is at least.
    private struct Pattern {
        var start: String
        var rest: Letters
        var length: Int
        var what: String

        enum Letters { case upper, word, dashed }

        init(_ start: String, _ rest: Letters, _ length: Int, _ what: String) {
            self.start = start
            self.rest = rest
            self.length = length
            self.what = what
        }

        func takes(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A: true
            case 0x61...0x7A: rest != .upper
            case UInt8(ascii: "_"), UInt8(ascii: "-"): rest == .dashed
            default: false
            }
        }
    }

    // The forms are those that the providers publish for secret scanning.
    private static let patterns = [
        Pattern("AKIA", .upper, 16, "an access key of AWS"), Pattern("ASIA", .upper, 16, "an access key of AWS"),
        Pattern("ghp_", .word, 36, "a token of GitHub"), Pattern("gho_", .word, 36, "a token of GitHub"),
        Pattern("ghs_", .word, 36, "a token of GitHub"), Pattern("ghu_", .word, 36, "a token of GitHub"),
        Pattern("github_pat_", .dashed, 40, "a token of GitHub"), Pattern("glpat-", .dashed, 20, "a token of GitLab"),
        Pattern("xoxb-", .dashed, 20, "a token of Slack"), Pattern("xoxp-", .dashed, 20, "a token of Slack"),
        Pattern("AIza", .dashed, 35, "an API key of Google"), Pattern("sk_live_", .word, 24, "a key of Stripe"),
        Pattern("sk-ant-", .dashed, 40, "an API key of Anthropic"),
        Pattern("sk-proj-", .dashed, 40, "an API key of OpenAI"), Pattern("npm_", .word, 36, "a token of npm"),
        Pattern("pypi-AgEI", .dashed, 40, "a token of PyPI"), Pattern("hf_", .word, 34, "a token of Hugging Face"),
    ]
    private static let privateKey = "PRIVATE KEY-----"

    init(_ file: FileVersion, secrets: [JobEnvironment.Secret], isBinary: Bool) {
        file.bytes.withUnsafeBytes { bytes in
            for secret in secrets {
                if let offset = Self.find(secret.value, in: bytes, from: 0) {
                    add(secret.value, offset, "is the value of the variable \(secret.name), which is secret")
                }
            }
            guard !isBinary else { return }
            keys(in: bytes)
            privateKeys(in: bytes)
        }
        guard !isBinary, !TestPath.matches(file.path) else { return }
        for each in NamedSecrets(file.bytes, isSource: file.figures != nil).found {
            add(each.value, each.offset, "looks like a secret that '\(each.name)' is set to")
        }
    }

    private mutating func add(_ value: String, _ offset: Int, _ what: String) {
        if !found.contains(where: { $0.value == value }) {
            found.append(Found(value: value, offset: offset, what: what))
        }
    }

    /// One pass over the bytes: most of them cannot start a key.
    private mutating func keys(in bytes: UnsafeRawBufferPointer) {
        var at = 0
        while at < bytes.count {
            if Self.firsts[Int(bytes[at])], at == 0 || !Self.isWord(bytes[at - 1]) {
                at = key(in: bytes, at) ?? at + 1
            } else {
                at += 1
            }
        }
    }

    /// Takes a key that starts here.
    /// - Returns: the place behind it, or nil if there is none.
    private mutating func key(in bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int? {
        let rest = bytes[offset...]
        guard let pattern = Self.patterns.first(where: { rest.starts(with: $0.start.utf8) }) else { return nil }
        let start = offset + pattern.start.utf8.count
        var end = start
        while end < bytes.count, pattern.takes(bytes[end]) { end += 1 }
        // AWS keys have a fixed length, the others at least so much.
        let fits = pattern.rest == .upper ? end - start == pattern.length : end - start >= pattern.length
        let value = String(decoding: bytes[offset..<end], as: UTF8.self)
        if fits, !NamedSecrets.isExample(value) { add(value, offset, "looks like \(pattern.what)") }
        return end
    }

    /// The bytes with which a pattern starts.
    private static let firsts: [Bool] = patterns.reduce(into: [Bool](repeating: false, count: 256)) { table, pattern in
        if let first = pattern.start.utf8.first { table[Int(first)] = true }
    }

    private mutating func privateKeys(in bytes: UnsafeRawBufferPointer) {
        var from = 0
        while let offset = Self.find(Self.privateKey, in: bytes, from: from) {
            from = offset + Self.privateKey.utf8.count
            var start = offset
            while start > 0, bytes[start - 1] != 0x0A, offset - start < 40 { start -= 1 }
            let line = String(decoding: bytes[start..<from], as: UTF8.self)
            // Code that reads keys names the line, too; a key goes on with its bytes.
            guard line.contains("-----BEGIN") else { continue }
            var end = from
            while end < bytes.count, end - from < 200, bytes[end] != UInt8(ascii: "-") { end += 1 }
            let body = bytes[from..<end].filter {
                Self.isWord($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/")
            }
            guard body.count >= 60 else { continue }
            add(String(decoding: body, as: UTF8.self), start, "starts a private key")
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "_")
    }

    private static func find(_ text: String, in bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
        var text = text
        return text.withUTF8 { word -> Int? in
            guard let base = bytes.baseAddress, let needle = word.baseAddress, !word.isEmpty else { return nil }
            var at = from
            while at + word.count <= bytes.count {
                guard let hit = memchr(base + at, Int32(word[0]), bytes.count - word.count - at + 1) else { return nil }
                at = UnsafeRawPointer(hit) - base
                if memcmp(hit, needle, word.count) == 0 { return at }
                at += 1
            }
            return nil
        }
    }
}
