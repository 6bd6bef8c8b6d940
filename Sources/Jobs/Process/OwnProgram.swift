#if os(Linux)
/// The files that a process needs to run this program: the program itself and libraries outside the system folders.
enum OwnProgram {
    static let files: [String] = {
        let program = PathQuery.target(ofLink: "/proc/self/exe")
        // proc(5): the sixth field of a line is the mapped file; it may contain blanks.
        let maps = KernelFile.read("/proc/self/maps", limit: 4 << 20) ?? []
        let libraries = String(decoding: maps, as: UTF8.self).split(separator: "\n").compactMap { line -> String? in
            guard let slash = line.firstIndex(of: "/"), line.hasSuffix(".so") || line.contains(".so.") else {
                return nil
            }
            return String(line[slash...])
        }
        let system = SystemView.shared.folders
        return Set(libraries + [program].compactMap { $0 })
            .filter { file in PathQuery.exists(file) && !system.contains { PathQuery.lies(file, in: $0) } }.sorted()
    }()
}
#endif
