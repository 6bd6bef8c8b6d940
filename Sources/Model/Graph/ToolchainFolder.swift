/// A folder of a home directory into which programs of a language are installed.
package struct ToolchainFolder: Sendable, Equatable {
    /// Name of the folder, such as `.cargo`.
    package var name: String
    /// Paths inside the folder that a sandboxed process may read; empty for all of it. Some folders keep tokens beside
    /// programs.
    package var parts: [String]
    /// Folders beside it that its programs need, such as `.rustup` for `.cargo`.
    package var companions: [String]

    package init(_ name: String, parts: [String] = [], companions: [String] = []) {
        self.name = name
        self.parts = parts
        self.companions = companions
    }
}
