import CGit2
package import Model

extension Repository {
    /// Returns the best common ancestor of two commits, or nil if they have none.
    package func mergeBase(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
        try withHandle { (handle) throws(GitError) in
            var base = git_oid()
            var a = RawID(one).oid
            var b = RawID(other).oid
            let status = git_merge_base(&base, handle.pointer, &a, &b)
            if status == GIT_ENOTFOUND.rawValue { return nil }
            try Library.check(status, "find the merge base of \(one.short) and \(other.short) in '\(location)'")
            return RawID(base).objectID
        }
    }
}
