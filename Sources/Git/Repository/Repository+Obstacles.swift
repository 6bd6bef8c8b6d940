package import Model

/// A path of a commit that a slot cannot check out correctly.
package struct CheckoutObstacle: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The path needs a filter such as `lfs` that is not configured or whose program is not found.
        case filter(name: String, reason: String)
        /// A partial clone left out the file's content.
        case missing(ObjectID)
        /// The path must not be checked out.
        case unsafePath(reason: String)
    }

    package var path: String
    package var kind: Kind

    /// Returns the error that moving a slot to the commit would throw.
    package func error(repository: String) -> GitError {
        switch kind {
        case .filter(let name, let reason): .filterUnavailable(path: path, filter: name, reason: reason)
        case .missing(let id): .missingObject(id.hex, repository: repository, partialClone: true)
        case .unsafePath(let reason): .unsafePath(path, reason: reason)
        }
    }
}

extension Repository {
    /// Finds what prevents a correct checkout of a commit, without checking it out. Filters and encodings that the git
    /// command line can apply are fine.
    ///
    /// - Parameter limit: most obstacles returned of each kind, and of each filter.
    package func obstacles(in commit: ObjectID, limit: Int = 10) throws(GitError) -> [CheckoutObstacle] {
        let tree = try treeOf(commit)
        let listing = try withObjects { (objects) throws(GitError) in
            try TreeComparison.differences(from: nil, to: RawID(tree), in: objects)
        }
        var found: [CheckoutObstacle] = []
        for difference in listing {
            guard let reason = Self.objection(to: difference.path) else { continue }
            found.append(CheckoutObstacle(path: difference.path.display, kind: .unsafePath(reason: reason)))
        }
        found = Array(found.prefix(limit))
        if isPartialClone { found += try missingBlobs(listing, limit: limit) }
        return found + (try filterObstacles(listing, limit: limit))
    }

    private static func objection(to path: RawPath) -> String? {
        for part in path.split(separator: RawPath.slash, omittingEmptySubsequences: false) {
            if let reason = PathSafety.objection(to: part) { return reason }
        }
        return nil
    }

    private func missingBlobs(
        _ listing: [TreeDifference], limit: Int
    ) throws(GitError) -> [CheckoutObstacle] {
        try withObjects { (objects) throws(GitError) in
            var found: [CheckoutObstacle] = []
            for difference in listing where found.count < limit {
                guard let file = difference.new, file.mode != .submodule, !objects.contains(file.id) else { continue }
                found.append(
                    CheckoutObstacle(path: difference.path.display, kind: .missing(file.id.objectID)))
            }
            return found
        }
    }

    /// Returns the files of a commit that a filter changes, by what the attributes there say.
    package func files(in commit: ObjectID, filteredBy filter: String) throws(GitError) -> [String] {
        let tree = try treeOf(commit)
        let listing = try withObjects { (objects) throws(GitError) in
            try TreeComparison.differences(from: nil, to: RawID(tree), in: objects)
        }
        return try filtered(listing).filter { $0.filter == filter }.map(\.path.display)
    }

    private func filtered(_ listing: [TreeDifference]) throws(GitError) -> [(path: RawPath, filter: String)] {
        let files = Dictionary(listing.map { ($0.path, $0.new) }) { first, _ in first }
        let info = FileSystem.read("\(commonDirectory)/info/attributes").map { AttributeFile($0) }
        return try withObjects { (objects) throws(GitError) -> [(path: RawPath, filter: String)] in
            let rules = CommitRules(info: info) { path in files[path] ?? nil }
            var filtered: [(path: RawPath, filter: String)] = []
            for difference in listing where difference.new?.mode.isFile == true {
                let conversion = try rules.conversion(of: difference.path, objects)
                if let filter = conversion.filter { filtered.append((difference.path, filter)) }
            }
            return filtered
        }
    }

    private func filterObstacles(_ listing: [TreeDifference], limit: Int) throws(GitError) -> [CheckoutObstacle] {
        let filtered = try filtered(listing)
        var found: [CheckoutObstacle] = []
        for (filter, uses) in Dictionary(grouping: filtered, by: \.filter).sorted(by: { $0.key < $1.key }) {
            let problem = try FilterDriver.problem(
                with: filter, gitDirectory: commonDirectory, environment: environment)
            guard let problem else { continue }
            for use in uses.prefix(limit) {
                found.append(
                    CheckoutObstacle(path: use.path.display, kind: .filter(name: filter, reason: problem)))
            }
        }
        return found
    }
}
