#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Finds what a process has to see of toolchains that lie outside of the system, mostly in somebody's home.
struct Toolchains {
    /// Folders that hold more than a toolchain, such as the home; nothing that one of them lies in is shown.
    let closed: [String]
    /// What is shown anyway.
    let system: [String]

    /// Names of folders in the home, and what of them is shown where it is not all: some keep tokens beside programs.
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
    /// What beside `bin` tells that a folder is what a program was installed into.
    private static let marks = ["lib", "lib64", "libexec", "pyvenv.cfg", "share"]
    /// Programs in one folder of `PATH` whose links are followed.
    private static let mostPrograms = 4000

    /// Paths to show to a process with this `PATH`.
    func readable(path: String) -> [String] {
        var result: [String] = []
        func add(_ paths: [String]) {
            for path in paths where FileLook.exists(path) && !isShown(path, in: result) { result.append(path) }
        }
        for folder in path.split(separator: ":").map(String.init)
        where folder.hasPrefix("/") && FileLook.isFolder(folder) {
            add(roots(of: folder))
            guard !isShown(folder, in: []), isShown(folder, in: result) else { continue }
            // What `python` of a virtual environment and of a version manager is a link to.
            for name in FileLook.names(in: folder).sorted().prefix(Self.mostPrograms) {
                guard FileLook.target(ofLink: "\(folder)/\(name)") != nil,
                    let program = FileLook.real("\(folder)/\(name)"), !isShown(program, in: result)
                else { continue }
                let parent = Self.parent(of: program)
                add(isInstallation(parent) || Self.known(parent) != nil ? roots(of: parent) : [program])
            }
        }
        return result
    }

    /// What has to be shown for the programs in a folder to work.
    private func roots(of folder: String) -> [String] {
        if isShown(folder, in: []) { return [] }
        if let known = Self.known(folder) {
            let shown = known.parts.isEmpty ? [known.root] : known.parts.map { "\(known.root)/\($0)" }
            // Programs of cargo are links to rustup, which keeps compilers in a folder of its own.
            return shown + (known.root.hasSuffix("/.cargo") ? ["\(Self.parent(of: known.root))/.rustup"] : [])
        }
        let root = isInstallation(folder) ? Self.parent(of: folder) : folder
        let isInside = closed.contains { FileLook.lies(root, in: $0) && $0 != "/" }
        let isOpen = !closed.contains { FileLook.lies($0, in: root) }
        // A virtual environment may lie in the target repository, of which nothing else is shown.
        guard isOpen, !isInside || isInHome(root) || FileLook.exists("\(root)/pyvenv.cfg") else { return [] }
        return [root]
    }

    /// The first closed folder is the home, in which programs may lie; in the others they may not.
    private func isInHome(_ path: String) -> Bool {
        closed.dropFirst().allSatisfy { !FileLook.lies(path, in: $0) }
    }

    private func isInstallation(_ folder: String) -> Bool {
        let parent = Self.parent(of: folder)
        guard ["bin", "sbin"].contains(folder.split(separator: "/").last), parent != "/", !closed.contains(parent)
        else {
            return false
        }
        return Self.marks.contains { FileLook.exists("\(parent)/\($0)") }
    }

    private func isShown(_ path: String, in more: [String]) -> Bool {
        (system + more).contains { FileLook.lies(path, in: $0) }
    }

    /// The known folder that a path lies in.
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
