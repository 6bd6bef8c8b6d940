import Model

/// `sandbox-exec` of macOS, which follows a profile of rules.
///
/// Weaker than namespaces: a process sees other processes, and what the system shows of itself cannot be narrowed much
/// before programs stop to start.
enum Seatbelt {
    /// The command that runs another one in a sandbox.
    ///
    /// - Throws: `noSandbox` for a network of single hosts, which a profile cannot name.
    static func command(_ arguments: [String], in sandbox: Sandbox) throws(JobsError) -> [String] {
        if case .hosts = sandbox.network {
            throw .noSandbox(["'network: hosts' needs Linux; write 'network: host' or 'network: none'"])
        }
        return ["/usr/bin/sandbox-exec", "-p", profile(sandbox)] + arguments
    }

    /// Later rules win.
    static func profile(_ sandbox: Sandbox) -> String {
        var rules = ["(version 1)", "(allow default)", "(deny file-write*)", "(deny file-read* (subpath \"/Users\"))"]
        rules += sandbox.hidden.map { "(deny file-read* file-write* (subpath \(quoted($0))))" }
        rules += sandbox.readable.map { "(allow file-read* (subpath \(quoted($0))))" }
        rules += sandbox.writable.map { "(allow file-read* file-write* (subpath \(quoted($0))))" }
        rules += [
            "(allow file-write* (subpath \"/private/tmp\") (subpath \"/private/var/folders\"))",
            "(allow file-write* (literal \"/dev/null\") (literal \"/dev/tty\"))",
            "(deny signal (target others))",
        ]
        if sandbox.network == .none {
            rules += ["(deny network*)", "(allow network* (local ip \"localhost:*\"))"]
        }
        return rules.joined(separator: "\n")
    }

    /// A path as a string of the profile's language.
    private static func quoted(_ path: String) -> String {
        var result = "\""
        for character in path {
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result + "\""
    }
}
