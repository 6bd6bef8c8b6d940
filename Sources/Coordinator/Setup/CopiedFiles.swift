import Foundation
import Git
import Jobs
import Model

/// The files of the user's checkout that slots get a copy of. They are read once, when a run starts.
struct CopiedFiles: Sendable {
    let globs: [String]
    let repository: Repository
    /// Absolute path of the folder that keeps the copies.
    let folder: String

    /// Bytes. Larger files are not searched for secrets.
    private static let largestSettings = 1 << 20

    /// Copies the files, and forgets those of an earlier run.
    /// - Throws: `CoordinatorError.nothingToCopy` for a glob that matches nothing.
    func read() throws {
        _ = try Folder.remove(at: folder)
        guard !globs.isEmpty else { return }
        let found = try repository.ignoredFiles(matching: try GlobSet(globs))
        for pattern in globs {
            let glob = try Glob(pattern)
            if !found.files.contains(where: glob.matches), !found.roots.contains(where: glob.matches) {
                throw CoordinatorError.nothingToCopy(glob: pattern, checkout: repository.workingDirectory)
            }
        }
        guard let source = repository.workingDirectory else { return }
        var digest = SHA256Key("copy")
        for path in found.files { digest.add([path, Self.state(of: "\(source)/\(path)")]) }
        _ = try SlotTemplate.make(
            TemplateRequest(key: digest.text, folder: folder), copying: found.files, of: source, roots: found.roots)
    }

    /// The copies; nil if no file is copied.
    var template: SlotTemplate? { globs.isEmpty ? nil : SlotTemplate(at: folder) }

    /// The values in the files whose names look like those of secrets.
    static func secrets(in template: SlotTemplate?) -> [JobEnvironment.Secret] {
        (template?.settings(limit: largestSettings) ?? []).flatMap { file in
            file.text.split(whereSeparator: \.isNewline).compactMap { secret(in: $0) }
        }
    }

    /// Reads `NAME=value`, `name: value` and `"name": "value"`.
    private static func secret(in line: Substring) -> JobEnvironment.Secret? {
        guard let found = line.firstMatch(of: #/([A-Za-z_][A-Za-z0-9_.-]*)["']?\s*[=:]\s*(.+)$/#) else { return nil }
        let name = String(found.output.1)
        var value = found.output.2.trimmingCharacters(in: CharacterSet(charactersIn: " \t,;"))
        if let quote = value.first, quote == "\"" || quote == "'" {
            value = String(value.dropFirst().prefix { $0 != quote })
        }
        return BaseEnvironment.isSecret(name: name, value: value)
            ? JobEnvironment.Secret(name: name, value: value) : nil
    }

    /// Differs for a file that was changed in between.
    private static func state(of path: String) -> String {
        var status = stat()
        guard lstat(path, &status) == 0 else { return "" }
        #if canImport(Darwin)
        let time = status.st_ctimespec
        #else
        let time = status.st_ctim
        #endif
        return "\(status.st_size) \(status.st_ino) \(time.tv_sec) \(time.tv_nsec)"
    }
}
