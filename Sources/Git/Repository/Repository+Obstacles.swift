package import Model

/// Something in a commit that a slot cannot check out truly.
package struct CheckoutObstacle: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A filter such as `lfs` that is not configured for the user, or whose program is not found.
        case filter(name: String, reason: String)
        /// The file's content was left out of a partial clone.
        case missing(ObjectID)
        /// A name that no checkout may have.
        case unsafePath(reason: String)
    }

    package var path: String
    package var kind: Kind

    /// The error a move to the commit would throw.
    package func error(repository: String) -> GitError {
        switch kind {
        case .filter(let name, let reason): .filterUnavailable(path: path, filter: name, reason: reason)
        case .missing(let id): .missingObject(id.hex, repository: repository, partialClone: true)
        case .unsafePath(let reason): .unsafePath(path, reason: reason)
        }
    }
}

extension Repository {
    /// What stands against checking out a commit, found without doing it; at most `limit` of each filter and kind.
    ///
    /// Filters and encodings that the git command line can apply are no obstacle.
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

    private func filterObstacles(_ listing: [TreeDifference], limit: Int) throws(GitError) -> [CheckoutObstacle] {
        let files = Dictionary(listing.map { ($0.path, $0.new) }) { first, _ in first }
        let info = FileSystem.read("\(commonDirectory)/info/attributes").map { AttributeFile($0) }
        let filtered = try withObjects { (objects) throws(GitError) -> [(path: RawPath, filter: String)] in
            let rules = CommitRules(info: info) { path in files[path] ?? nil }
            var filtered: [(path: RawPath, filter: String)] = []
            for difference in listing where difference.new?.mode.isFile == true {
                let conversion = try rules.conversion(of: difference.path, objects)
                if let filter = conversion.filter { filtered.append((difference.path, filter)) }
            }
            return filtered
        }
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
