/// The operating system and the processor in a file's name: `x_linux.go`, `x_amd64.go`, `x_linux_amd64.go`.
///
/// Conditions in `//go:build` lines are not read: they seldom separate two files with the same names.
struct GoPlatform: Sendable, Equatable {
    /// Places in the lists plus one, or 0. Declarations are compared too often for strings.
    private var system: UInt8 = 0
    private var processor: UInt8 = 0

    init(path: String) {
        let file = path.split(separator: "/").last ?? ""
        var parts = file.prefix { $0 != "." }.split(separator: "_").dropFirst()
        if parts.last == "test" { parts.removeLast() }
        if let found = parts.last.flatMap({ Self.processors.firstIndex(of: String($0)) }) {
            processor = UInt8(found + 1)
            parts.removeLast()
        }
        if let found = parts.last.flatMap({ Self.systems.firstIndex(of: String($0)) }) { system = UInt8(found + 1) }
    }

    /// Whether both files can be in one build.
    func isCompatible(_ other: GoPlatform) -> Bool {
        (system == 0 || other.system == 0 || system == other.system)
            && (processor == 0 || other.processor == 0 || processor == other.processor)
    }

    // The lists of go/build, known systems and processors of past and future included.
    private static let systems = [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
        "openbsd", "plan9", "solaris", "wasip1", "windows", "zos",
    ]
    private static let processors = [
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64",
        "mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x",
        "sparc", "sparc64", "wasm",
    ]
}
