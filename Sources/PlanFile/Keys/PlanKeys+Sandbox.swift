import Foundation
import Model

enum SandboxKeys {
    static let mode = Key.optional(
        "mode", Kind<SandboxRules.Mode>.choice(), default: "on",
        meaning: "`on` uses the strongest sandbox of this machine and refuses to run without one. `off` uses none.")
    static let read = Key.optional(
        "read", .list("a list of paths", of: path), default: [],
        meaning:
            "Paths that workers and checks may read, in addition to the system, the toolchains in `PATH` and their slot. "
            + "Relative paths begin at the plan's folder, `~/` paths at your home."
    )
    static let write = Key.optional(
        "write", .list("a list of paths", of: path), default: [],
        meaning: "Paths that they may read and write, such as a compiler cache. Relative as in `read`.")

    private static let mapping = Kind<SandboxRules>.mapping(keys: [mode, read, write]) {
        fields throws(Fields.Incomplete) in
        SandboxRules(
            mode: try fields.value(mode), read: try fields.value(read), write: try fields.value(write))
    }

    static let kind = mapping.or(mode.kind.map { mode, _ in SandboxRules(mode: mode) })

    static let path = Kind<String>.text("a path") { text in
        guard text.hasPrefix("~"), text != "~", !text.hasPrefix("~/") else { return nil }
        return TextProblem(
            message: "the home of another user is not looked up",
            hint: "start the path with '/', or with '~/' for yours")
    }
}

extension SandboxRules {
    /// Returns the rules with absolute paths, or `~/` paths. Relative ones begin at the folder of the plan.
    func resolved(in folder: URL) -> SandboxRules {
        func whole(_ path: String) -> String {
            if path == "~" { return "~/" }
            if path.hasPrefix("/") || path.hasPrefix("~/") { return path }
            return URL(fileURLWithPath: path, relativeTo: folder).standardizedFileURL.path
        }
        return SandboxRules(mode: mode, read: read.map(whole), write: write.map(whole))
    }
}

enum NetworkKeys {
    /// The values that are a single word.
    private enum Word: String, CaseIterable {
        case none
        case host
    }

    static let hosts = Key.required(
        "hosts", .list("a list of hosts", of: .text("a host", check: hostProblem), mayBeEmpty: false),
        meaning:
            "Allowed hosts, as `name` or `name:port`. The default port is 443. `${NAME:-host}` is the host of the URL in "
            + "the variable `NAME`, or `host` if that is not set. A proxy blocks everything else.")

    private static let mapping = Kind<Network>.mapping(keys: [hosts]) { fields throws(Fields.Incomplete) in
        .hosts(try fields.value(hosts))
    }

    static let kind = mapping.or(
        Kind<Word>.choice().map { word, _ in
            switch word {
            case .none: .none
            case .host: .host
            }
        })

    @Sendable private static func hostProblem(_ text: String) -> TextProblem? {
        let hint = "write it as 'api.example.com' or 'api.example.com:8443'"
        if text.hasPrefix("$") {
            guard let found = text.wholeMatch(of: #/\$\{[A-Za-z_][A-Za-z0-9_]*:-(.+)\}/#) else {
                return TextProblem(message: "expected a variable with a host", hint: "'${NAME:-api.example.com}'")
            }
            return hostProblem(String(found.output.1))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, !parts[0].isEmpty else { return TextProblem(message: "expected a host", hint: hint) }
        let isName = parts[0].utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-")
        }
        guard isName else {
            return TextProblem(message: "a host name contains only letters, digits, '.' and '-'", hint: hint)
        }
        if parts.count == 2, Quantity.whole(parts[1]).map({ $0 > 65_535 }) ?? true {
            return TextProblem(message: "expected a port after the ':'", hint: hint)
        }
        return nil
    }
}

enum ResourceKeys {
    static let memory = Key.optional(
        "memory", .size, otherwise: "three quarters of the machine's memory",
        meaning: "Maximum memory of all its processes together.")
    static let processes = Key.optional(
        "processes", .positive, otherwise: "2048", meaning: "Maximum number of processes at one time.")
    static let fileSize = Key.optional(
        "file_size", .size, otherwise: "no limit", meaning: "Maximum size of a file that it writes.")
    static let cpu = Key.optional(
        "cpu", .duration, otherwise: "no limit", meaning: "Maximum processor time of all its processes together.")
    static let disk = Key.optional(
        "disk", .size, otherwise: "10G", meaning: "Maximum growth of its writable folders.")

    static let all: [any AnyKey] = [memory, processes, fileSize, cpu, disk]

    static let kind = Kind<ResourceLimits>.mapping(keys: all) { fields throws(Fields.Incomplete) in limits(of: fields) }

    static func limits(of fields: Fields) -> ResourceLimits {
        ResourceLimits(
            memory: fields.written(memory), processes: fields.written(processes), fileSize: fields.written(fileSize),
            cpu: fields.written(cpu), disk: fields.written(disk))
    }
}

extension Kind {
    /// Returns a kind that also accepts a single word instead of the mapping.
    func or(_ word: Kind) -> Kind {
        let (readMapping, readWord) = (read, word.read)
        let (mappingSchema, wordSchema) = (schema, word.schema)
        return Kind(word: "\(word.word) | mapping", keys: keys) { context in
            ["anyOf": [mappingSchema(context), wordSchema(context)]]
        } read: { node, context in
            if case .mapping = node.content { return readMapping(node, context) }
            return readWord(node, context)
        }
    }
}
