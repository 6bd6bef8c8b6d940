#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The disk usage of folders.
enum DiskUse {
    /// Returns the disk usage of everything below some folders, in bytes. Unreadable or missing entries count as 0.
    static func bytes(of folders: [String]) -> Int {
        var total = 0
        var open = folders
        while let folder = open.popLast() {
            guard let directory = opendir(folder) else { continue }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                var status = stat()
                guard name != ".", name != "..", lstat("\(folder)/\(name)", &status) == 0 else { continue }
                // `st_blocks` counts blocks of 512 bytes on every file system; see stat(2).
                total += Int(status.st_blocks) * 512
                if status.st_mode & S_IFMT == S_IFDIR { open.append("\(folder)/\(name)") }
            }
        }
        return total
    }
}
