#if os(Linux)
import Glibc

/// The parts of the machine that every sandbox shows.
struct SystemView: Sendable {
    /// Readable folders, without their secrets.
    let folders: [String]
    /// Links to create, such as `/bin` to `usr/bin`.
    let links: [(path: String, target: String)]
    /// Files and folders below the readable ones that not everyone may read: keys, hashes of passwords.
    let secrets: [(path: String, isFolder: Bool)]

    /// The state of the machine at the first use.
    static let shared = SystemView()

    /// Toolchains may be installed in /opt, /nix and /gnu. Programs count processors by reading /sys.
    private static let candidates = [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix", "/gnu",
        "/sys/devices/system/cpu",
    ]
    /// The only readable folder in which secrets are kept.
    private static let searched = "/etc"
    /// Levels of folders; no system folder is deeper.
    private static let deepest = 8

    private init() {
        var folders: [String] = []
        var links: [(String, String)] = []
        for path in Self.candidates {
            if let target = PathQuery.target(ofLink: path) {
                links.append((path, target))
            } else if PathQuery.isFolder(path) {
                folders.append(path)
            }
        }
        // A daemon creates this file, and /etc links to it. Host names cannot be resolved without it.
        if let names = PathQuery.real("/etc/resolv.conf"), !names.hasPrefix("/etc/"), !names.hasPrefix("/usr/") {
            folders.append(names)
        }
        self.folders = folders
        self.links = links
        secrets = Self.secrets(below: Self.searched, depth: 0)
    }

    /// Returns the paths that this user can read but not everyone.
    private static func secrets(below folder: String, depth: Int) -> [(String, Bool)] {
        guard depth < deepest else { return [] }
        return PathQuery.names(in: folder).flatMap { name -> [(String, Bool)] in
            let path = "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { return [] }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            guard isFolder || status.st_mode & S_IFMT == S_IFREG else { return [] }
            if status.st_mode & S_IROTH == 0, !isFolder || status.st_mode & S_IXOTH == 0 {
                return access(path, R_OK) == 0 ? [(path, isFolder)] : []
            }
            return isFolder ? secrets(below: path, depth: depth + 1) : []
        }
    }
}
#endif
