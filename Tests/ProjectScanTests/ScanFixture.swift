import ProjectScan

/// A repository in memory.
struct ScanFixture {
    var files: [String: String]
    var ignored: [String] = []
    var submodules: [String] = []

    var profile: ProjectProfile {
        let files = files
        return ProjectScan(
            ProjectFiles(
                paths: files.keys.sorted(), sizes: files.mapValues { $0.utf8.count }, ignored: ignored,
                submodules: submodules
            ) { files[$0] }
        ).profile()
    }

    /// The only toolchain.
    var toolchain: Toolchain? {
        let toolchains = profile.toolchains
        return toolchains.count == 1 ? toolchains[0] : nil
    }

    /// The commands of the proposed tests.
    var tests: [String] { toolchain?.checks.filter { $0.purpose == .tests }.map(\.run) ?? [] }

    var setup: [String] { toolchain?.setup.map(\.run) ?? [] }
}
