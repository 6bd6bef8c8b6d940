extension SlotState {
    /// Checks out files whose filter or encoding only the git command line can apply.
    ///
    /// Git writes them into the slot's control directory, with the attributes of the commit and the user's filters. From
    /// there they are moved into place.
    func writeFiltered(_ files: [PlannedFile], _ writer: inout CheckoutWriter) throws(GitError) {
        if files.isEmpty { return }
        for file in files { try FilterDriver.check(file.path, file.conversion, target: target) }
        try cache.write()
        let folder = "\(controlPath)/filtered"
        try emptyFolder(folder)
        var input: [UInt8] = []
        for file in files { input += file.path + [0] }
        let command = command(
            ["checkout-index", "--force", "-z", "--stdin", "--prefix=\(folder)/"], for: files, input: input)
        do throws(GitError) { _ = try command.run() } catch { throw explain(error, files) }
        for file in files {
            guard let path = file.path.decoded else {
                throw .unsafePath(file.path.display, reason: "it is not UTF-8 and needs a filter")
            }
            try writer.take("\(folder)/\(path)", at: file.path)
        }
        try emptyFolder(folder)
    }

    /// Stores a file's content after its filter or encoding, and returns the blob.
    func storeFiltered(
        _ content: [UInt8], at path: RawPath, _ conversion: Conversion
    ) throws(GitError) -> RawID {
        try FilterDriver.check(path, conversion, target: target)
        guard let text = path.decoded else {
            throw .unsafePath(path.display, reason: "it is not UTF-8 and needs a filter")
        }
        let folder = "\(controlPath)/filtered"
        try emptyFolder(folder)
        // `git hash-object` reads attributes from files only, not from an index.
        for file in try rules.attributeFiles(for: path, objects) {
            let place = "\(folder)/\(file.path.display)"
            if !file.path.parent.isEmpty { try FileSystem.makeDirectories("\(folder)/\(file.path.parent.display)") }
            try FileSystem.write(file.content, to: place)
        }
        let file = PlannedFile(path: path, side: .init(mode: .regular, id: RawID()), conversion: conversion)
        let command = command(["hash-object", "-w", "--stdin", "--path=\(text)"], for: [file], input: content)
        let output: [UInt8]
        do throws(GitError) { output = try command.run().output } catch { throw explain(error, [file]) }
        guard let id = RawID(hex: String(decoding: output.trimmed(), as: UTF8.self)) else {
            throw .command("git hash-object", status: 0, output: "its output has no id")
        }
        return id
    }

    /// Uses the target repository for its configuration and its store of large files. The index is the slot's and the
    /// working directory a private folder, so that only the commit's attributes count.
    private func command(_ arguments: [String], for files: [PlannedFile], input: [UInt8]) -> GitCommand {
        var configuration: [(name: String, value: String)] = [
            ("core.autocrlf", "false"), ("core.eol", "lf"), ("core.safecrlf", "false"),
            ("core.sparseCheckout", "false"), ("core.attributesFile", "/dev/null"), ("core.splitIndex", "false"),
        ]
        // Without `required`, git continues with unfiltered content when a filter fails.
        for filter in Set(files.compactMap(\.conversion.filter)).sorted() {
            configuration.append(("filter.\(filter).required", "true"))
        }
        let folder = "\(controlPath)/filtered"
        return GitCommand(
            arguments: ["-C", folder] + arguments, configuration: configuration,
            gitDirectory: target.commonDirectory, workTree: folder, index: "\(controlPath)/index", input: input,
            environment: target.environment)
    }

    private func emptyFolder(_ path: String) throws(GitError) {
        if let parent = Directory(path: controlPath) { try parent.remove("filtered", display: path) }
        try FileSystem.makeDirectories(path)
    }

    private func explain(_ error: GitError, _ files: [PlannedFile]) -> GitError {
        guard case .command(_, _, let output) = error, let file = files.first else { return error }
        let culprit =
            files.first { output.contains("'\($0.path.display)'") || output.contains($0.path.display) } ?? file
        return .filterUnavailable(
            path: culprit.path.display, filter: culprit.conversion.filter ?? culprit.conversion.encoding ?? "",
            reason: output)
    }
}
