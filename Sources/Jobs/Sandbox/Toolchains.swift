import Model

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

    /// By name, the folders of toolchains in a home.
    private let folders: [String: ToolchainFolder]

    /// Managers of many languages, and toolchains of languages that have no dependency graph.
    private static let general = [
        ToolchainFolder(".asdf"), ToolchainFolder(".cabal", parts: ["bin", "packages", "store"]),
        ToolchainFolder(".ghcup"), ToolchainFolder(".juliaup"), ToolchainFolder(".linuxbrew"),
        ToolchainFolder(
            ".local",
            parts: [
                "bin", "lib", "pipx", "share/fnm", "share/mise", "share/pipx", "share/pnpm", "share/swiftly",
                "share/uv",
            ]),
        ToolchainFolder(".opam"), ToolchainFolder(".plenv"),
    ]
    /// Names that, together with `bin`, identify an installation prefix.
    private static let marks = ["lib", "lib64", "libexec", "pyvenv.cfg", "share"]
    /// The number of programs per folder of `PATH` whose links are followed.
    private static let mostPrograms = 4000

    /// - Parameters:
    ///   - closed: folders that are not shown; the home is the first.
    ///   - system: paths that are shown anyway.
    ///   - languages: the toolchain folders of languages.
    init(closed: [String], system: [String], languages: [ToolchainFolder]) {
        self.closed = closed
        self.system = system
        folders = Dictionary((Self.general + languages).map { ($0.name, $0) }) { first, _ in first }
    }

    /// Paths to show to a process with this `PATH`.
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
                add(isInstallation(parent) || known(parent) != nil ? roots(of: parent) : [program])
            }
        }
        return result
    }

    /// Returns the paths that the programs in a folder need.
    private func roots(of folder: String) -> [String] {
        if isShown(folder, in: []) { return [] }
        if let (root, known) = known(folder) {
            let shown = known.parts.isEmpty ? [root] : known.parts.map { "\(root)/\($0)" }
            return shown + known.companions.map { "\(Self.parent(of: root))/\($0)" }
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

    /// The known folder that a path lies in.
    private func known(_ path: String) -> (root: String, folder: ToolchainFolder)? {
        var root = ""
        for part in path.split(separator: "/") {
            root += "/\(part)"
            if let folder = folders[String(part)] { return (root, folder) }
        }
        return nil
    }

    private static func parent(of path: String) -> String {
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(parent)"
    }
}
