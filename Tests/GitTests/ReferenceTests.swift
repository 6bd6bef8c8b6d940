import Foundation
import Git
import Model
import TestSupport
import Testing

@Suite
struct ReferenceTests {
    private let scratch: ScratchRepository
    private let repository: Repository
    private let first: ObjectID
    private let second: ObjectID
    private let branch = "refs/heads/orchestrate/plan"

    init() throws {
        scratch = try ScratchRepository()
        first = try id(try scratch.commit(["a": "1"]))
        second = try id(try scratch.commit(["a": "2"]))
        repository = try Repository(at: scratch.path, environment: scratch.environment)
    }

    private func swap(_ from: ObjectID?, _ to: ObjectID?, _ name: String? = nil) throws(GitError) {
        try repository.compareAndSwap(reference: name ?? branch, from: from, to: to, reason: "a test")
    }

    @Test(arguments: [false, true])
    func `create, move, delete, with and without packed references`(isPacked: Bool) throws {
        try swap(nil, first)
        if isPacked { try scratch.git("pack-refs", "--all") }
        #expect(try repository.branchTip("orchestrate/plan") == first)
        try swap(first, second)
        #expect(try scratch.git("rev-parse", branch) == second.hex)
        #expect(try scratch.git("reflog", "-1", "--format=%gs", branch) == "a test")
        if isPacked { try scratch.git("pack-refs", "--all") }
        try swap(second, nil)
        #expect(try repository.branchTip("orchestrate/plan") == nil)
        #expect(try scratch.gitResult(["rev-parse", "--verify", "--quiet", branch]).status == 1)
    }

    @Test(arguments: [false, true])
    func `an unexpected value is told and left alone`(isPacked: Bool) throws {
        #expect(throws: GitError.moved(reference: branch, expected: first, actual: nil)) { try swap(first, second) }
        #expect(throws: GitError.moved(reference: branch, expected: first, actual: nil)) { try swap(first, nil) }
        try swap(nil, first)
        if isPacked { try scratch.git("pack-refs", "--all") }
        #expect(throws: GitError.moved(reference: branch, expected: nil, actual: first)) { try swap(nil, second) }
        #expect(throws: GitError.moved(reference: branch, expected: second, actual: first)) { try swap(second, first) }
        #expect(throws: GitError.moved(reference: branch, expected: second, actual: first)) { try swap(second, nil) }
        #expect(throws: GitError.moved(reference: branch, expected: nil, actual: first)) { try swap(nil, nil) }
        #expect(try repository.branchTip("orchestrate/plan") == first)
    }

    @Test func `of many that move the same reference at once, one wins each round`() async throws {
        try swap(nil, first)
        let path = scratch.path
        let environment = scratch.environment
        for round in 0..<20 {
            let (from, to) = round % 2 == 0 ? (first, second) : (second, first)
            let outcomes = try await withThrowingTaskGroup(of: GitError?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let repository = try Repository(at: path, environment: environment)
                        do throws(GitError) {
                            try repository.compareAndSwap(reference: branch, from: from, to: to, reason: "race")
                            return nil
                        } catch { return error }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == nil } == 1)
            for error in outcomes.compactMap({ $0 }) {
                switch error {
                case .moved(branch, from, to), .locked: break
                default: Issue.record("\(error)")
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func `a name that lies inside another's is explained`(isPacked: Bool) throws {
        try swap(nil, first)
        if isPacked { try scratch.git("pack-refs", "--all") }
        let inside = "\(branch)/task"
        #expect(throws: GitError.referenceInTheWay(reference: inside, existing: branch)) {
            try swap(nil, first, inside)
        }
        let above = "refs/heads/orchestrate"
        #expect(throws: GitError.referenceInTheWay(reference: above, existing: branch)) { try swap(nil, first, above) }
    }

    @Test func `a lock that a crash left behind is named`() throws {
        try swap(nil, first)
        let lock = scratch.appending(".git/\(branch).lock")
        try Data().write(to: URL(fileURLWithPath: lock))
        let hasty = try Repository(at: scratch.path, environment: scratch.environment, lockPatience: 0)
        for target in [second, nil] {
            #expect(throws: GitError.locked(file: lock)) {
                try hasty.compareAndSwap(reference: branch, from: first, to: target, reason: "a test")
            }
        }
        try FileManager.default.removeItem(atPath: lock)
        try swap(first, second)
    }

    @Test func `a lock that another process holds for a while is waited for`() throws {
        try swap(nil, first)
        let lock = scratch.appending(".git/\(branch).lock")
        try Data().write(to: URL(fileURLWithPath: lock))
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { unlink(lock) }
        try swap(first, second)
        #expect(try repository.branchTip("orchestrate/plan") == second)
    }

    @Test(arguments: ["refs/heads/main", "packed-refs", "refs/heads/orchestrate/plan"])
    func `a lock that a killed process of this program left is removed, on any branch`(locked: String) throws {
        try swap(nil, first)
        try scratch.git("pack-refs", "--all")
        let lock = scratch.appending(".git/\(locked).lock")
        let record = scratch.appending(".git/orchestrate-locks")
        // As the process has left them: the record first, then the lock.
        try Data(lock.utf8).write(to: URL(fileURLWithPath: record))
        try FileManager.default.createDirectory(
            atPath: (lock as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: lock))
        #expect(repository.branchLocks().map(\.path) == [lock] && repository.branchLocks().allSatisfy(\.isLeft))
        try swap(first, nil)
        #expect(try repository.branchTip("orchestrate/plan") == nil)
        #expect(!FileManager.default.fileExists(atPath: lock) && !FileManager.default.fileExists(atPath: record))
    }

    @Test func `a lock of another process is not removed, whatever record is left`() throws {
        try swap(nil, first)
        let lock = scratch.appending(".git/\(branch).lock")
        try Data().write(to: URL(fileURLWithPath: lock))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: lock)
        try Data(lock.utf8).write(to: URL(fileURLWithPath: scratch.appending(".git/orchestrate-locks")))
        let hasty = try Repository(at: scratch.path, environment: scratch.environment, lockPatience: 0)
        #expect(throws: GitError.locked(file: lock)) {
            try hasty.compareAndSwap(reference: branch, from: first, to: second, reason: "a test")
        }
    }

    @Test
    func `names and targets that make no sense are refused`() throws {
        for name in ["main", "refs/heads/..", "refs/heads/a b", ""] {
            #expect(throws: GitError.self) { try swap(nil, first, name) }
        }
        let missing = try id(String(repeating: "1", count: 40))
        #expect(throws: GitError.missingObject(missing.hex, repository: scratch.path, partialClone: false)) {
            try swap(nil, missing)
        }
    }

    @Test func `no hook runs and the user's checkout, index and HEAD stay as they are`() throws {
        for hook in ["reference-transaction", "post-update", "update", "post-checkout", "post-commit"] {
            try scratch.write(
                ".git/hooks/\(hook)", "#!/bin/sh\ntouch '\(scratch.appending("ran"))'\n", executable: true)
        }
        try scratch.write("a", "dirty")
        let before = try scratch.git("status", "--porcelain=v2", "--branch")
        try FileManager.default.removeItem(atPath: scratch.appending("ran"), ignoringMissing: true)
        try swap(nil, first)
        try swap(first, second)
        try swap(second, nil)
        #expect(!FileManager.default.fileExists(atPath: scratch.appending("ran")))
        #expect(try scratch.git("status", "--porcelain=v2", "--branch") == before)
    }

    @Test func `branches by prefix, sorted, with their tips`() throws {
        try swap(nil, first, "refs/heads/orchestrate-task/p/b")
        try swap(nil, second, "refs/heads/orchestrate-task/p/a")
        try swap(nil, second, "refs/heads/orchestrate-task/q/a")
        let found = try repository.branches(withPrefix: "orchestrate-task/p/")
        #expect(found.map(\.name) == ["orchestrate-task/p/a", "orchestrate-task/p/b"])
        #expect(found.map(\.tip) == [second, first])
    }
}

extension FileManager {
    func removeItem(atPath path: String, ignoringMissing: Bool) throws {
        if fileExists(atPath: path) { try removeItem(atPath: path) }
    }
}

@Suite struct CollectionTests {
    @Test func `a git gc that is at work is waited for, and one that was killed is not`() throws {
        let scratch = try ScratchRepository()
        let repository = try Repository(at: scratch.path, environment: scratch.environment)
        let file = scratch.appending(".git/gc.pid")
        // No process has this id: it is above the largest that Linux and macOS give.
        try Data("99999999 host".utf8).write(to: URL(fileURLWithPath: file))
        repository.awaitCollection()
        try Data("\(getpid()) host".utf8).write(to: URL(fileURLWithPath: file))
        let start = ContinuousClock.now
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { unlink(file) }
        repository.awaitCollection()
        #expect(ContinuousClock.now - start >= .milliseconds(250))
        repository.awaitCollection()
    }

    @Test func `references below a prefix are deleted, and others stay`() throws {
        let scratch = try ScratchRepository()
        try scratch.commit(["a": "1\n"])
        let repository = try Repository(at: scratch.path, environment: scratch.environment)
        let commit = try repository.resolve("HEAD")
        for name in ["refs/orchestrate/p/a", "refs/orchestrate/p/b/c", "refs/orchestrate/pq/a"] {
            try repository.compareAndSwap(reference: name, from: nil, to: commit, reason: "a test")
        }
        try repository.deleteReferences(below: "refs/orchestrate/p/", reason: "a test")
        let left = try scratch.git("for-each-ref", "--format=%(refname)", "refs/orchestrate")
        #expect(left.split(separator: "\n") == ["refs/orchestrate/pq/a"])
    }
}
