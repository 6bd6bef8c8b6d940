/// What a scan found in a repository. Its JSON form is described in `docs/output.md`.
package struct ProjectProfile: Codable, Sendable, Equatable {
    package struct Language: Codable, Sendable, Equatable {
        package var name: String
        package var files: Int
        package var bytes: Int
        /// Percent of the bytes of all languages.
        package var share: Int
    }

    package var files: Int
    package var bytes: Int
    /// The largest first.
    package var languages: [Language]
    package var toolchains: [Toolchain]
    package var submodules: [String]
    /// Files with instructions for agents or people, such as `AGENTS.md`.
    package var guidance: [String]
    /// The file that names the owners of files.
    package var owners: String?
    /// Git-ignored files of the checkout that a build or a test may need.
    package var copies: [String]
    package var scope: ScopeProposal?
}

/// The files that a migration of a repository would probably change.
package struct ScopeProposal: Codable, Sendable, Equatable {
    package var language: String
    package var include: [String]
    package var exclude: [String]
    package var files: Int
}
