import Foundation

/// One run of the git command line, for what libgit2 cannot do or does differently.
///
/// Runs without hooks, file system monitor, pager, prompts and the caller's `GIT_*` environment.
struct GitCommand {
    var arguments: [String]
    /// Configuration for this run only; later entries win.
    var configuration: [(name: String, value: String)] = []
    var gitDirectory: String
    /// nil to work as in a bare repository.
    var workTree: String?
    var index: String?
    var input: [UInt8] = []
    /// The caller's environment.
    var environment: [String: String]
    /// The variables of Git that name author and committer.
    var identity: [String: String] = [:]

    private static let neutral: [(name: String, value: String)] = [
        ("core.hooksPath", "/dev/null"), ("core.fsmonitor", ""), ("core.bare", "false"), ("gc.auto", "0"),
        ("maintenance.auto", "false"), ("advice.graftFileDeprecated", "false"),
    ]

    /// Runs git to its end.
    ///
    /// - Parameter accepted: exit statuses that do not throw.
    /// - Throws: `command` for any other status, with git's error output.
    func run(accepting accepted: Set<Int32> = [0]) throws(GitError) -> (status: Int32, output: [UInt8]) {
        let result = try ChildProcess.run(["git"] + arguments, environment: variables, input: input)
        guard accepted.contains(result.status) else {
            let text = String(decoding: result.errors.prefix(4000), as: UTF8.self)
            if let names = Self.unknownExtensions(in: text) {
                throw .unsupportedRepository(
                    path: workTree ?? gitDirectory, feature: "\(names), which the installed git does not know")
            }
            throw .command(
                "git \(arguments.joined(separator: " "))", status: result.status,
                output: text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return (result.status, result.output)
    }

    /// Returns the repository extensions that git refuses, as words; nil if it has failed for another reason.
    private static func unknownExtensions(in errors: String) -> String? {
        let lines = errors.split(separator: "\n")
        guard let start = lines.firstIndex(where: { $0.contains("unknown repository extension") }) else { return nil }
        let names = lines[(start + 1)...].prefix { $0.hasPrefix("\t") }.map { "extensions.\($0.dropFirst())" }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    private var variables: [String: String] {
        var variables = environment.filter { !$0.key.hasPrefix("GIT_") }
        variables.merge(identity) { $1 }
        variables["LC_ALL"] = "C"
        variables["GIT_DIR"] = gitDirectory
        variables["GIT_WORK_TREE"] = workTree
        variables["GIT_INDEX_FILE"] = index
        variables["GIT_TERMINAL_PROMPT"] = "0"
        variables["GIT_NO_REPLACE_OBJECTS"] = "1"
        variables["GIT_OPTIONAL_LOCKS"] = "0"
        variables["GIT_ATTR_NOSYSTEM"] = "1"
        let settings = Self.neutral + configuration
        variables["GIT_CONFIG_COUNT"] = String(settings.count)
        for (number, setting) in settings.enumerated() {
            variables["GIT_CONFIG_KEY_\(number)"] = setting.name
            variables["GIT_CONFIG_VALUE_\(number)"] = setting.value
        }
        return variables
    }
}
