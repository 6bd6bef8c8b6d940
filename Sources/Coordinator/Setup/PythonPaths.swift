import Foundation

/// The folders that a Python program adds to its module path when it starts.
struct PythonPaths {
    /// A folder of modules, and the file that adds it.
    struct Entry {
        var folder: String
        var file: String
    }

    /// Bytes of a `.pth` file or an editable finder that are read.
    private static let longest = 1 << 20

    /// Returns the absolute paths that files in the site folders of a program name, as `pip install -e` writes them.
    ///
    /// - Parameter program: absolute path of an interpreter or of a script beside one.
    static func added(by program: String) -> [Entry] {
        siteFolders(of: program).flatMap { folder in
            let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
            return names.flatMap { name in entries(in: "\(folder)/\(name)") }
        }
    }

    /// The environment that a program belongs to: the folder with `bin` and `lib`.
    ///
    /// An interpreter of a virtual environment is a link to that of the system, so links are not followed. A script may be
    /// a link into its environment, and its first line names the interpreter.
    private static func prefixes(of program: String) -> [String] {
        let interpreter = firstLine(of: program).flatMap { line -> String? in
            guard line.hasPrefix("#!"), line.contains("python") else { return nil }
            return line.dropFirst(2).split(separator: " ").first.map(String.init)
        }
        let isPython = (program.split(separator: "/").last ?? "").hasPrefix("py")
        guard isPython || interpreter != nil else { return [] }
        return [program, interpreter].compactMap { $0 }.map { path in
            ((path as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
        }
    }

    /// Returns absolute paths, each folder once: `lib64` is often a link to `lib`.
    private static func siteFolders(of program: String) -> [String] {
        var found: [String] = []
        for prefix in prefixes(of: program) {
            for library in ["lib", "lib64", "local/lib"] {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(prefix)/\(library)")) ?? []
                for name in names.sorted() where name.hasPrefix("python3") {
                    found += ["site-packages", "dist-packages"].map { "\(prefix)/\(library)/\(name)/\($0)" }
                }
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert(URL(fileURLWithPath: $0).resolvingSymlinksInPath().path).inserted }
    }

    private static func entries(in file: String) -> [Entry] {
        let name = file.split(separator: "/").last ?? ""
        let isFinder = name.hasPrefix("__editable__") && name.hasSuffix(".py")
        guard isFinder || name.hasSuffix(".pth") || name.hasSuffix(".egg-link"),
            let text = text(of: file)
        else { return [] }
        if !isFinder {
            return text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("/") }
                .map { Entry(folder: String($0), file: file) }
        }
        // `MAPPING = {'package': '/checkout/src/package'}`.
        return text.split { $0 == "'" || $0 == "\"" }.filter { $0.hasPrefix("/") }
            .map { Entry(folder: String($0), file: file) }
    }

    private static func text(of file: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: longest)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func firstLine(of file: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
        defer { try? handle.close() }
        let start = String(decoding: (try? handle.read(upToCount: 256)) ?? Data(), as: UTF8.self)
        return start.split(whereSeparator: \.isNewline).first.map(String.init)
    }
}
