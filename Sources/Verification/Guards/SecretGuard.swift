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

/// Rejects secrets in files.
struct SecretGuard: DiffGuard {
    let rule = "Write no key, token or password into a file."

    func objections(to diff: AttemptDiff) -> [Objection] {
        // A secret that a file of the diff held before has only moved.
        var known: Set<String> = []
        for change in diff.changes {
            guard let old = diff.old(change) else { continue }
            known.formUnion(SecretSearch(old, secrets: diff.secrets, isBinary: change.isBinary).found.map(\.value))
        }
        let redaction = Redaction(diff.secrets)
        let names = diff.changes.compactMap { change -> Objection? in
            guard diff.new(change) != nil, redaction.text(change.path) != change.path else { return nil }
            return Objection(
                path: redaction.text(change.path), line: nil, reason: "has the value of a secret variable in its name")
        }
        return names
            + diff.changes.flatMap { change -> [Objection] in
                guard let new = diff.new(change) else { return [] }
                let found = SecretSearch(new, secrets: diff.secrets, isBinary: change.isBinary).found
                return found.filter { !known.contains($0.value) }.map { secret in
                    // The value itself must not get into the log and the next prompt.
                    Objection(path: change.path, line: new.line(at: secret.offset), reason: secret.what)
                }
            }
    }
}

/// Finds text in a file that looks like a secret.
struct SecretSearch {
    struct Found {
        var value: String
        var offset: Int
        /// Description of the secret for its author.
        var what: String
    }

    private(set) var found: [Found] = []

    /// The format of a provider's keys.
    private struct Pattern {
        var start: String
        /// The characters after the start.
        var rest: Letters
        /// Number of characters after the start: exact for `upper`, otherwise the minimum.
        var length: Int
        var what: String

        enum Letters { case upper, word, dashed }

        func takes(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A: true
            case 0x61...0x7A: rest != .upper
            case UInt8(ascii: "_"), UInt8(ascii: "-"): rest == .dashed
            default: false
            }
        }
    }

    // The formats that providers publish for secret scanning.
    private static let formats: [(start: String, rest: Pattern.Letters, length: Int, what: String)] = [
        ("AKIA", .upper, 16, "an access key of AWS"), ("ASIA", .upper, 16, "an access key of AWS"),
        ("ghp_", .word, 36, "a token of GitHub"), ("gho_", .word, 36, "a token of GitHub"),
        ("ghs_", .word, 36, "a token of GitHub"), ("ghu_", .word, 36, "a token of GitHub"),
        ("github_pat_", .dashed, 40, "a token of GitHub"), ("glpat-", .dashed, 20, "a token of GitLab"),
        ("xoxb-", .dashed, 20, "a token of Slack"), ("xoxp-", .dashed, 20, "a token of Slack"),
        ("AIza", .dashed, 35, "an API key of Google"), ("sk_live_", .word, 24, "a key of Stripe"),
        ("sk-ant-", .dashed, 40, "an API key of Anthropic"), ("sk-proj-", .dashed, 40, "an API key of OpenAI"),
        ("npm_", .word, 36, "a token of npm"), ("pypi-AgEI", .dashed, 40, "a token of PyPI"),
        ("hf_", .word, 34, "a token of Hugging Face"),
    ]
    private static let patterns = formats.map {
        Pattern(start: $0.start, rest: $0.rest, length: $0.length, what: $0.what)
    }
    private static let privateKey = "PRIVATE KEY-----"

    init(_ file: FileVersion, secrets: [JobEnvironment.Secret], isBinary: Bool) {
        file.bytes.withUnsafeBytes { bytes in
            for secret in secrets {
                if let offset = Self.find(secret.value, in: bytes, from: 0) {
                    add(secret.value, at: offset, as: "is the value of the secret variable \(secret.name)")
                }
            }
            guard !isBinary else { return }
            keys(in: bytes)
            privateKeys(in: bytes)
        }
        guard !isBinary, !TestPath.matches(file.path) else { return }
        for each in NamedSecrets(file.bytes, isSource: file.figures != nil).found {
            add(each.value, at: each.offset, as: "looks like a secret that is assigned to '\(each.name)'")
        }
    }

    private mutating func add(_ value: String, at offset: Int, as what: String) {
        if !found.contains(where: { $0.value == value }) {
            found.append(Found(value: value, offset: offset, what: what))
        }
    }

    /// Searches in one pass for keys of known formats.
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

    /// Records a key that starts at an offset.
    ///
    /// - Returns: the offset after the key; nil if no key starts here.
    private mutating func key(in bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int? {
        let rest = bytes[offset...]
        guard let pattern = Self.patterns.first(where: { rest.starts(with: $0.start.utf8) }) else { return nil }
        let start = offset + pattern.start.utf8.count
        var end = start
        while end < bytes.count, pattern.takes(bytes[end]) { end += 1 }
        // Keys of AWS have a fixed length, others a minimum.
        let fits = pattern.rest == .upper ? end - start == pattern.length : end - start >= pattern.length
        let value = String(decoding: bytes[offset..<end], as: UTF8.self)
        if fits, !NamedSecrets.isExample(value) { add(value, at: offset, as: "looks like \(pattern.what)") }
        return end
    }

    /// For each byte, whether a pattern starts with it.
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
            // Code that reads keys contains the line too; only a key continues with base64.
            guard line.contains("-----BEGIN") else { continue }
            var end = from
            while end < bytes.count, end - from < 200, bytes[end] != UInt8(ascii: "-") { end += 1 }
            let body = bytes[from..<end].filter {
                Self.isWord($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/")
            }
            guard body.count >= 60 else { continue }
            add(String(decoding: body, as: UTF8.self), at: start, as: "starts a private key")
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
