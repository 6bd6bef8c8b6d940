#if os(Linux)
/// What a process needs to run this very program: the program, and libraries that do not come with the system.
enum OwnProgram {
    static let files: [String] = {
        let program = FileLook.target(ofLink: "/proc/self/exe")
        // proc(5): the sixth field of a line is the file that is mapped, with its blanks.
        let maps = KernelFile.read("/proc/self/maps", limit: 4 << 20) ?? []
        let libraries = String(decoding: maps, as: UTF8.self).split(separator: "\n").compactMap { line -> String? in
            guard let slash = line.firstIndex(of: "/"), line.hasSuffix(".so") || line.contains(".so.") else {
                return nil
            }
            return String(line[slash...])
        }
        let system = SystemView.shared.folders
        return Set(libraries + [program].compactMap { $0 })
            .filter { file in FileLook.exists(file) && !system.contains { FileLook.lies(file, in: $0) } }.sorted()
    }()
}
#endif
