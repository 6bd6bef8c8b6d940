#if os(Linux)
import Glibc

/// What every sandbox shows of the machine itself.
struct SystemView: Sendable {
    /// Folders to show, without their secrets.
    let folders: [String]
    /// Links to make, such as `/bin` to `usr/bin`.
    let links: [(path: String, target: String)]
    /// Files and folders below these that only their owner may read: keys, hashes of passwords.
    let secrets: [(path: String, isFolder: Bool)]

    /// As the machine was when the program first needed it.
    static let shared = SystemView()

    /// Toolchains of the machine live in /opt, /nix and /gnu; processors are counted by what /sys says of them.
    private static let candidates = [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix", "/gnu",
        "/sys/devices/system/cpu",
    ]
    /// Where secrets are looked for; elsewhere they are not kept.
    private static let searched = "/etc"
    /// Folders in folders; nothing of the system goes deeper.
    private static let deepest = 8

    private init() {
        var folders: [String] = []
        var links: [(String, String)] = []
        for path in Self.candidates {
            if let target = FileLook.target(ofLink: path) {
                links.append((path, target))
            } else if FileLook.isFolder(path) {
                folders.append(path)
            }
        }
        // Made by a daemon, with a link to it in /etc; names of hosts cannot be looked up without it.
        if let names = FileLook.real("/etc/resolv.conf"), !names.hasPrefix("/etc/"), !names.hasPrefix("/usr/") {
            folders.append(names)
        }
        self.folders = folders
        self.links = links
        secrets = Self.secrets(below: Self.searched, depth: 0)
    }

    /// What this user can read and everybody cannot.
    private static func secrets(below folder: String, depth: Int) -> [(String, Bool)] {
        guard depth < deepest else { return [] }
        return FileLook.names(in: folder).flatMap { name -> [(String, Bool)] in
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
