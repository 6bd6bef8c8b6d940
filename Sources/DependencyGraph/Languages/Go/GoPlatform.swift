/// The operating system and the processor that a file's name binds it to: `x_linux.go`, `x_amd64.go`, `x_linux_amd64.go`.
///
/// Conditions in `//go:build` lines are not read: they are seldom what keeps two files of the same names apart.
struct GoPlatform: Sendable, Equatable {
    private var system: Substring?
    private var processor: Substring?

    init(path: String) {
        let file = path.split(separator: "/").last ?? ""
        var parts = file.prefix { $0 != "." }.split(separator: "_").dropFirst()
        if parts.last == "test" { parts.removeLast() }
        if let last = parts.last, Self.processors.contains(String(last)) {
            processor = last
            parts.removeLast()
        }
        if let last = parts.last, Self.systems.contains(String(last)) { system = last }
    }

    /// Whether some build has both files.
    func isCompatible(_ other: GoPlatform) -> Bool {
        (system == nil || other.system == nil || system == other.system)
            && (processor == nil || other.processor == nil || processor == other.processor)
    }

    // The lists of go/build, known systems and processors of past and future included.
    private static let systems: Set<String> = [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
        "openbsd", "plan9", "solaris", "wasip1", "windows", "zos",
    ]
    private static let processors: Set<String> = [
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64",
        "mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x",
        "sparc", "sparc64", "wasm",
    ]
}
