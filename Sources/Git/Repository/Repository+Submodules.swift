import Foundation
package import Model

/// A submodule of a commit, at any depth.
package struct Submodule: Sendable, Hashable {
    /// From the root of the outermost repository.
    package var path: String
    /// The commit that the tree names.
    package var commit: ObjectID
    /// Absolute path of the Git directory that has the commit; nil if the user's checkout has none.
    package var source: String?
}

extension Repository {
    /// Returns the submodules of a tree and of their trees, in the order of their paths.
    ///
    /// Their commits are looked for where the user's checkout has them, and nothing is fetched.
    package func submodules(inTree tree: ObjectID) throws(GitError) -> [Submodule] {
        guard let list = try entry(".gitmodules", inTree: tree), list.mode.isFile else { return [] }
        return try submodules(inTree: tree, list: list.id, depth: 0)
    }

    /// Levels of submodules in submodules.
    private static let deepestSubmodule = 20

    private func submodules(inTree tree: ObjectID, list: ObjectID, depth: Int) throws(GitError) -> [Submodule] {
        guard depth < Self.deepestSubmodule else { return [] }
        let names = try submoduleNames(list)
        var found: [Submodule] = []
        for entry in try files(inTree: tree).entries where entry.mode == .submodule {
            var module = Submodule(path: entry.path, commit: entry.id, source: nil)
            let source = submoduleSources(at: entry.path, name: names[entry.path]).lazy.compactMap { path in
                try? Repository(at: path, environment: self.environment)
            }.first { $0.has(entry.id) }
            module.source = source?.commonDirectory
            found.append(module)
            guard let source, let inner = try? source.treeOf(entry.id),
                let list = try source.entry(".gitmodules", inTree: inner), list.mode.isFile
            else { continue }
            for var deeper in try source.submodules(inTree: inner, list: list.id, depth: depth + 1) {
                deeper.path = "\(entry.path)/\(deeper.path)"
                found.append(deeper)
            }
        }
        return found
    }

    private func has(_ commit: ObjectID) -> Bool { (try? treeOf(commit)) != nil }

    /// Returns the names of submodules by path, as a `.gitmodules` file gives them.
    private func submoduleNames(_ list: ObjectID) throws(GitError) -> [String: String] {
        let command = GitCommand(
            arguments: ["config", "--blob", list.hex, "--null", "--get-regexp", "^submodule[.].*[.]path$"],
            gitDirectory: commonDirectory, environment: environment)
        var names: [String: String] = [:]
        for entry in try command.run(accepting: [0, 1]).output.split(separator: 0) {
            let parts = String(decoding: entry, as: UTF8.self).split(separator: "\n", maxSplits: 1)
            guard parts.count == 2 else { continue }
            names[String(parts[1])] = String(parts[0].dropFirst("submodule.".count).dropLast(".path".count))
        }
        return names
    }

    /// Returns where the Git directory of a submodule may be.
    private func submoduleSources(at path: String, name: String?) -> [String] {
        var places: [String] = []
        // A name such as `../x` would lead out of the folder.
        if let name, !name.isEmpty, !name.split(separator: "/").contains("..") {
            places += [gitDirectory, commonDirectory].map { "\($0)/modules/\(name)" }
        }
        if let workingDirectory { places.append("\(workingDirectory)/\(path)/.git") }
        return places.filter { FileSystem.exists($0) }.map { place in
            FileSystem.isDirectory(place) ? place : (place as NSString).deletingLastPathComponent
        }
    }

    /// Writes the files of a submodule's commit into a folder. Large files and filters are those of the user's
    /// configuration.
    package func checkOut(_ module: Submodule, into folder: String) throws(GitError) {
        guard let source = module.source else { return }
        let index = "\(folder).index"
        defer { unlink(index) }
        func run(_ arguments: [String]) throws(GitError) {
            _ = try GitCommand(
                arguments: arguments,
                configuration: [("core.autocrlf", "false"), ("core.sparseCheckout", "false")],
                gitDirectory: source, workTree: folder, index: index, environment: environment
            ).run()
        }
        try FileSystem.makeDirectories(folder)
        try run(["read-tree", module.commit.hex])
        try run(["-C", folder, "checkout-index", "--all", "--force"])
    }
}
