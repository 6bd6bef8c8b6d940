/// A failed attempt at a task, as far as its class depends on it.
package struct FailedWork: Sendable {
    package var task: TaskID
    package var files: [String]
    /// nil if no worker was started.
    package var worker: String?
    package var failure: Failure

    package init(task: TaskID, files: [String], worker: String?, failure: Failure) {
        self.task = task
        self.files = files
        self.worker = worker
        self.failure = failure
    }
}

/// Failures of one kind: the same check or guard, the same worker, and the same message but for names and numbers.
package struct FailureClass: Sendable, Equatable {
    /// Six hexadecimal digits. They stay the same while the first failure of the class is known.
    package var id: String
    /// What refused the work, such as `check 'tests'`.
    package var source: String
    package var worker: String?
    /// The message of the first failure, with `_` for names, numbers and values.
    package var digest: String
    /// The members, as indices into the classified failures, in their order.
    package var members: [Int]

    /// Puts failures into classes, in the order of the first member.
    ///
    /// Messages are compared by their exception or error code and by their words. What remains is merged in two ways:
    /// messages that differ only in a name, and pairs of messages that occur in the same outputs in either order.
    package static func classes(of failures: [FailedWork]) -> [FailureClass] {
        var classes: [FailureClass] = []
        let groups = Dictionary(grouping: failures.indices) { index in
            "\(failures[index].failure.source)\u{0}\(failures[index].worker ?? "")"
        }
        for (_, members) in groups {
            var sorter = FailureSorter(members.map { failures[$0] })
            for cluster in sorter.sorted() {
                let first = failures[members[cluster[0]]]
                let digest = sorter.digest(of: cluster[0])
                classes.append(
                    FailureClass(
                        id: id(first.failure.source, first.worker, digest), source: first.failure.source,
                        worker: first.worker, digest: digest, members: cluster.map { members[$0] }))
            }
        }
        return classes.sorted { $0.members[0] < $1.members[0] }
    }

    private static func id(_ source: String, _ worker: String?, _ digest: String) -> String {
        let hash = [source, worker ?? "", digest].reduce(StableHash.start) { StableHash.add($1, to: $0) }
        let text = String((hash ^ (hash >> 32)) & 0xFF_FFFF, radix: 16)
        return String(repeating: "0", count: 6 - text.count) + text
    }
}
