import Model

/// `sandbox-exec` of macOS, which enforces a profile of rules.
///
/// It is weaker than namespaces: a process sees other processes. Programs fail to start if much more of the system is
/// hidden.
enum Seatbelt {
    /// Returns the command that runs another command in a sandbox.
    ///
    /// - Throws: `JobsError.noSandbox` for a network of single hosts, which a profile cannot express.
    static func command(_ arguments: [String], in sandbox: Sandbox) throws(JobsError) -> [String] {
        if case .hosts = sandbox.network {
            throw .noSandbox(["'network: hosts' needs Linux; write 'network: host' or 'network: none'"])
        }
        return ["/usr/bin/sandbox-exec", "-p", profile(sandbox)] + arguments
    }

    /// Returns the rules of a sandbox. Later rules override earlier ones.
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

    /// Quotes a path for a profile.
    private static func quoted(_ path: String) -> String {
        var result = "\""
        for character in path {
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result + "\""
    }
}
