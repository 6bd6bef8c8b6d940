package import Model

/// The name of a program that a shell could not find.
package enum MissingProgram {
    /// Returns the program without which a command ended with status 127; nil if the output names none.
    ///
    /// Only names that are looked up in `PATH` count: a path such as `./gradlew` belongs to the tree.
    package static func name(status: Int32, output: String) -> String? {
        guard status == 127 else { return nil }
        for line in output.split(separator: "\n") {
            guard let name = name(in: line), !name.contains("/"), !name.contains(" ") else { continue }
            return name
        }
        return nil
    }

    /// Returns the program or Python module that a command on an untouched base did not find; nil if the output names none.
    ///
    /// Unlike `name`, it also looks at what a script or a makefile of the tree has started, whatever status that ended with.
    package static func onBase(command: String, status: Int32, output: String) -> String? {
        for line in output.split(separator: "\n") {
            if let module = module(in: line), toolModules.contains(module), command.contains("-m \(module)") {
                return "python -m \(module)"
            }
            guard status == 127 || isOfShell(line), let name = name(in: line), !name.isEmpty, !name.contains(" ") else {
                continue
            }
            return name
        }
        return nil
    }

    /// Whether a shell, `env` or `make` has written a line: other programs also say that something was not found.
    private static func isOfShell(_ line: Substring) -> Bool {
        if line.contains("command not found") || line.contains("env: ") || line.hasPrefix("make: ") { return true }
        let parts = line.split(separator: ": ")
        guard parts.count >= 3, parts.last == "not found" else { return false }
        // dash: `./script: 3: foo: not found`; busybox: `sh: foo: not found`.
        return parts.count > 3 ? parts[parts.count - 3].allSatisfy(\.isNumber) : parts[0].hasSuffix("sh")
    }

    /// Modules that are installed and not written. Any other may be one that a task makes.
    private static let toolModules: Set<String> = [
        "pytest", "tox", "nox", "nose2", "behave", "coverage", "mypy", "pyright", "ruff", "flake8", "pylint", "black",
        "isort", "django", "build", "pip",
    ]

    /// python: `/usr/bin/python3: No module named pytest`.
    private static func module(in line: Substring) -> String? {
        guard line.contains("python"), let range = line.firstRange(of: ": No module named ") else { return nil }
        return bare(line[range.upperBound...])
    }

    private static func name(in line: Substring) -> String? {
        // zsh: `zsh:1: command not found: foo`.
        if let range = line.firstRange(of: "command not found: ") { return bare(line[range.upperBound...]) }
        // bash: `bash: line 1: foo: command not found`; dash and busybox: `sh: 1: foo: not found`.
        for ending in [": command not found", ": not found"] where line.hasSuffix(ending) {
            let rest = line.dropLast(ending.count)
            return bare(rest.firstRange(of: ": ") == nil ? rest : rest[(lastBreak(of: rest))...])
        }
        // env: `env: 'foo': No such file or directory`; make: `make: foo: No such file or directory`.
        guard line.contains("env: ") || line.hasPrefix("make: "), line.hasSuffix(": No such file or directory") else {
            return nil
        }
        let rest = line.dropLast(": No such file or directory".count)
        return bare(rest[lastBreak(of: rest)...])
    }

    /// Returns the place after the last `: `.
    private static func lastBreak(of text: Substring) -> Substring.Index {
        text.ranges(of: ": ").last?.upperBound ?? text.startIndex
    }

    private static func bare(_ text: Substring) -> String {
        String(text.drop { "'\u{2018}\"`".contains($0) }.prefix { !"'\u{2019}\"`".contains($0) })
    }
}

extension Failure {
    /// Returns a failure that stops the run, if a program that the plan's own command names cannot be found.
    ///
    /// - Parameters:
    ///   - what: the check or worker, for the summary.
    ///   - isOnBase: whether it ran on the base, where no work can be the cause, whatever names the program.
    package init?(missingProgramOf what: String, command: String, status: Int32, output: String, isOnBase: Bool = false)
    {
        guard let name = MissingProgram.name(status: status, output: output),
            isOnBase || command.contains(name)
        else { return nil }
        self.init(
            kind: .brokenSetup, summary: "\(what) needs the program '\(name)', which was not found", detail: output)
    }
}
