#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The search for toolchains outside the system folders, mostly in a home, that a process must be able to read.
struct Toolchains {
    /// Folders that hold more than toolchains, the home first. Neither they nor their parents are shown.
    let closed: [String]
    /// Folders that are readable anyway.
    let system: [String]

    /// Names of toolchain folders in the home, with the parts to show; empty for the whole folder. Some folders keep
    /// tokens beside programs.
    private static let known: [String: [String]] = [
        ".asdf": [], ".bun": ["bin", "install"], ".cabal": ["bin", "packages", "store"],
        ".cargo": ["bin", "config.toml", "git", "registry"], ".conda": [], ".deno": ["bin"], ".dotnet": [], ".fnm": [],
        ".gem": ["ruby"], ".ghcup": [], ".goenv": [], ".jenv": [], ".juliaup": [], ".linuxbrew": [],
        ".local": [
            "bin", "lib", "pipx", "share/fnm", "share/mise", "share/pipx", "share/pnpm", "share/swiftly", "share/uv",
        ],
        ".nodenv": [], ".nvm": [], ".opam": [], ".plenv": [], ".pyenv": [], ".rbenv": [], ".rustup": [], ".sdkman": [],
        ".swiftenv": [], ".swiftly": [], ".volta": [], "anaconda3": [], "go": ["bin", "pkg"], "miniconda3": [],
        "miniforge3": [],
    ]
    /// Names that, together with `bin`, identify an installation prefix.
    private static let marks = ["lib", "lib64", "libexec", "pyvenv.cfg", "share"]
    /// The number of programs per folder of `PATH` whose links are followed.
    private static let mostPrograms = 4000

    /// Returns the paths that a process with this `PATH` must be able to read.
    func readable(path: String) -> [String] {
        var result: [String] = []
        func add(_ paths: [String]) {
            for path in paths where PathQuery.exists(path) && !isShown(path, in: result) { result.append(path) }
        }
        for folder in path.split(separator: ":").map(String.init)
        where folder.hasPrefix("/") && PathQuery.isFolder(folder) {
            add(roots(of: folder))
            guard !isShown(folder, in: []), isShown(folder, in: result) else { continue }
            // For example, `python` of a virtual environment or of a version manager is a link.
            for name in PathQuery.names(in: folder).sorted().prefix(Self.mostPrograms) {
                guard PathQuery.target(ofLink: "\(folder)/\(name)") != nil,
                    let program = PathQuery.real("\(folder)/\(name)"), !isShown(program, in: result)
                else { continue }
                let parent = Self.parent(of: program)
                add(isInstallation(parent) || Self.known(parent) != nil ? roots(of: parent) : [program])
            }
        }
        return result
    }

    /// Returns the paths that the programs in a folder need.
    private func roots(of folder: String) -> [String] {
        if isShown(folder, in: []) { return [] }
        if let known = Self.known(folder) {
            let shown = known.parts.isEmpty ? [known.root] : known.parts.map { "\(known.root)/\($0)" }
            // Programs of cargo are links to rustup, which keeps compilers in another folder.
            return shown + (known.root.hasSuffix("/.cargo") ? ["\(Self.parent(of: known.root))/.rustup"] : [])
        }
        let root = isInstallation(folder) ? Self.parent(of: folder) : folder
        let isInside = closed.contains { PathQuery.lies(root, in: $0) && $0 != "/" }
        let isOpen = !closed.contains { PathQuery.lies($0, in: root) }
        // A virtual environment may lie in the target repository, the rest of which is not shown.
        guard isOpen, !isInside || isInHome(root) || PathQuery.exists("\(root)/pyvenv.cfg") else { return [] }
        return [root]
    }

    /// Whether a path lies outside all closed folders except the first one, the home.
    private func isInHome(_ path: String) -> Bool {
        closed.dropFirst().allSatisfy { !PathQuery.lies(path, in: $0) }
    }

    private func isInstallation(_ folder: String) -> Bool {
        let parent = Self.parent(of: folder)
        guard ["bin", "sbin"].contains(folder.split(separator: "/").last), parent != "/", !closed.contains(parent)
        else {
            return false
        }
        return Self.marks.contains { PathQuery.exists("\(parent)/\($0)") }
    }

    private func isShown(_ path: String, in more: [String]) -> Bool {
        (system + more).contains { PathQuery.lies(path, in: $0) }
    }

    /// Returns the known toolchain folder that a path lies in.
    private static func known(_ path: String) -> (root: String, parts: [String])? {
        var root = ""
        for part in path.split(separator: "/") {
            root += "/\(part)"
            if let parts = known[String(part)] { return (root, parts) }
        }
        return nil
    }

    private static func parent(of path: String) -> String {
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(parent)"
    }
}
