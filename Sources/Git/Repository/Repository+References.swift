import CGit2
import Foundation
package import Model

extension Repository {
    /// Creates, moves or deletes a reference if it still has the value that the caller last saw.
    ///
    /// Holds Git's own lock while it compares, so it is safe against other processes too. No hook runs and no checkout
    /// changes. A branch that is checked out somewhere would look edited there, so the caller asks
    /// `checkedOutPath(ofBranch:)` first.
    ///
    /// Waits up to `lockPatience` for another process that holds a lock. Removes a lock that a killed process of this program
    /// has left.
    ///
    /// - Parameters:
    ///   - reference: the full name, such as `refs/heads/orchestrate/x`.
    ///   - expected: nil if the reference must not exist.
    ///   - target: nil to delete the reference.
    ///   - reason: one line for the reflog.
    /// - Throws: `moved`, `locked`, `referenceInTheWay`, `invalidReference`.
    package func compareAndSwap(
        reference: String, from expected: ObjectID?, to target: ObjectID?, reason: String
    ) throws(GitError) {
        guard reference.hasPrefix("refs/"), git_reference_is_valid_name(reference) == 1 else {
            throw .invalidReference(reference, reason: "it is not a full name such as refs/heads/NAME")
        }
        if expected == nil, target == nil {
            if let actual = try value(of: reference) {
                throw .moved(reference: reference, expected: nil, actual: actual)
            }
            return
        }
        let deadline = ContinuousClock.now + .seconds(lockPatience)
        while true {
            do throws(GitError) {
                let record = LockRecord(in: commonDirectory, lockFiles: lockFiles(for: reference))
                defer { record?.end() }
                let status = try change(reference, from: expected, to: target, reason: reason)
                return try explain(status, reference: reference, expected: expected)
            } catch {
                guard case .locked = error, ContinuousClock.now < deadline else { throw error }
                Thread.sleep(forTimeInterval: Self.lockPause)
            }
        }
    }

    /// Seconds between two attempts at a reference that is locked.
    private static let lockPause = 0.05

    private func change(
        _ reference: String, from expected: ObjectID?, to target: ObjectID?, reason: String
    ) throws(GitError) -> ReferenceStatus {
        try withHandle { (handle) throws(GitError) -> ReferenceStatus in
            guard let target else { return try handle.delete(reference, expected: expected) }
            guard handle.objects.contains(RawID(target)) else {
                throw .missingObject(target.hex, repository: location, partialClone: isPartialClone)
            }
            return handle.set(reference, from: expected, to: target, reason: reason)
        }
    }

    /// Returns the lock files that a change of the reference makes.
    private func lockFiles(for reference: String) -> [String] {
        ["\(commonDirectory)/\(reference).lock", "\(commonDirectory)/packed-refs.lock", "\(gitDirectory)/HEAD.lock"]
    }

    /// Returns the commit at the tip of a local branch, or nil if there is no such branch.
    ///
    /// - Parameter name: without `refs/heads/`.
    package func branchTip(_ name: String) throws(GitError) -> ObjectID? {
        try value(of: "refs/heads/\(name)")
    }

    /// Returns the object that a reference names, following symbolic references; nil if it does not exist.
    package func value(of reference: String) throws(GitError) -> ObjectID? {
        try withHandle { (handle) throws(GitError) in
            var oid = git_oid()
            let status = git_reference_name_to_id(&oid, handle.pointer, reference)
            if status == GIT_ENOTFOUND.rawValue { return nil }
            if status == GIT_EINVALIDSPEC.rawValue { throw .invalidReference(reference, reason: "not a valid name") }
            try Library.check(status, "read '\(reference)' of '\(location)'")
            return RawID(oid).objectID
        }
    }

    /// Returns the local branches whose name begins with a prefix, with their tips, sorted by name.
    ///
    /// - Parameter prefix: without `refs/heads/`; for example `orchestrate-task/plan/`.
    package func branches(withPrefix prefix: String) throws(GitError) -> [(name: String, tip: ObjectID)] {
        let found = try references(below: "refs/heads/").filter { $0.dropFirst(11).hasPrefix(prefix) }
        var branches: [(name: String, tip: ObjectID)] = []
        for reference in found.sorted() {
            if let tip = try value(of: reference) { branches.append((String(reference.dropFirst(11)), tip)) }
        }
        return branches
    }

    /// Returns what the references whose full names begin with a prefix name.
    package func values(below prefix: String) throws(GitError) -> [ObjectID] {
        var found: [ObjectID] = []
        for reference in try references(below: prefix) {
            if let value = try value(of: reference) { found.append(value) }
        }
        return found
    }

    /// Deletes the references whose full names begin with a prefix.
    package func deleteReferences(below prefix: String, reason: String) throws(GitError) {
        for reference in try references(below: prefix) {
            guard let value = try value(of: reference) else { continue }
            try compareAndSwap(reference: reference, from: value, to: nil, reason: reason)
        }
    }

    private func references(below prefix: String) throws(GitError) -> [String] {
        try withHandle { (handle) throws(GitError) in
            var iterator: OpaquePointer?
            try Library.check(
                git_reference_iterator_glob_new(&iterator, handle.pointer, "\(prefix)*"), "list references")
            defer { git_reference_iterator_free(iterator) }
            var names: [String] = []
            var name: UnsafePointer<CChar>?
            while git_reference_next_name(&name, iterator) == 0 {
                if let name { names.append(String(cString: name)) }
            }
            return names
        }
    }

    private func explain(_ status: ReferenceStatus, reference: String, expected: ObjectID?) throws(GitError) {
        switch status.code {
        case 0: return
        case GIT_ELOCKED.rawValue: throw .locked(file: lockFile(for: reference))
        default: break
        }
        let actual = try? value(of: reference)
        if actual != expected { throw .moved(reference: reference, expected: expected, actual: actual) }
        // The value is as expected, so a lock or another reference prevented the change.
        let lock = lockFile(for: reference)
        if FileSystem.exists(lock) { throw .locked(file: lock) }
        if let existing = try references(below: "refs/").first(where: {
            $0.hasPrefix("\(reference)/") || reference.hasPrefix("\($0)/")
        }) {
            throw .referenceInTheWay(reference: reference, existing: existing)
        }
        throw .library(operation: "move '\(reference)' of '\(location)'", message: status.message)
    }

    /// Returns the lock file that most likely prevented a change of the reference.
    private func lockFile(for reference: String) -> String {
        let packed = "\(commonDirectory)/packed-refs.lock"
        let loose = "\(commonDirectory)/\(reference).lock"
        return !FileSystem.exists(loose) && FileSystem.exists(packed) ? packed : loose
    }
}

/// The result of libgit2 for a change of a reference.
private struct ReferenceStatus: Sendable {
    var code: Int32
    var message: String
}

extension RepositoryHandle {
    fileprivate borrowing func set(
        _ reference: String, from expected: ObjectID?, to target: ObjectID, reason: String
    ) -> ReferenceStatus {
        var new = RawID(target).oid
        var created: OpaquePointer?
        let code: Int32
        if let expected {
            var old = RawID(expected).oid
            code = git_reference_create_matching(&created, pointer, reference, &new, 1, &old, reason)
        } else {
            code = git_reference_create(&created, pointer, reference, &new, 0, reason)
        }
        let status = ReferenceStatus(code: code, message: code < 0 ? Library.lastMessage() : "")
        git_reference_free(created)
        return status
    }

    fileprivate borrowing func delete(_ reference: String, expected: ObjectID?) throws(GitError) -> ReferenceStatus {
        var found: OpaquePointer?
        let status = git_reference_lookup(&found, pointer, reference)
        defer { git_reference_free(found) }
        if status < 0 { return ReferenceStatus(code: status, message: Library.lastMessage()) }
        guard let target = git_reference_target(found), RawID(target.pointee).objectID == expected else {
            return ReferenceStatus(code: GIT_EMODIFIED.rawValue, message: "")
        }
        // Compares again under the lock, with the value that was looked up.
        let code = git_reference_delete(found)
        return ReferenceStatus(code: code, message: code < 0 ? Library.lastMessage() : "")
    }
}
