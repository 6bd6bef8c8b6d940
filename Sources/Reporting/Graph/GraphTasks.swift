package import Model
package import Store

/// The tasks of the files of a graph, from a plan, or from a run with their states.
package struct GraphTasks: Sendable {
    struct Entry: Sendable {
        var id: TaskID
        var title: String
        var files: [String]
        var dependencies: [TaskID]
        /// nil if no run has the task.
        var state: TaskState?
        var reason = ""
        /// The task that was split into this one and others.
        var partOf: TaskID?
    }

    package let plan: String
    /// The run of the states.
    package private(set) var run: RunID?
    private(set) var entries: [Entry]

    /// The tasks of a plan, without states.
    package init(plan: String, tasks: [MigrationTask]) {
        self.plan = plan
        entries = tasks.map {
            Entry(id: $0.id, title: $0.title, files: $0.files, dependencies: $0.dependencies)
        }
    }

    /// The tasks of a run as they are now.
    package init(_ reader: StoreReader, run: RunRecord) throws(StoreError) {
        plan = run.plan.name
        self.run = run.id
        entries = try reader.read { view in
            let dependencies = try view.dependencies(in: run.id)
            return try view.tasks(of: run.id).map {
                Entry($0, dependencies: dependencies[$0.id] ?? [])
            }
        }
    }

    /// Takes from a run the states of tasks with the same names, and adds the parts of split tasks.
    package mutating func takeStates(_ reader: StoreReader, run: RunRecord) throws(StoreError) {
        let (records, dependencies) = try reader.read { view in
            (try view.tasks(of: run.id), try view.dependencies(in: run.id))
        }
        let known = Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
        self.run = run.id
        for place in entries.indices {
            guard let record = known[entries[place].id] else { continue }
            entries[place].state = record.state
            entries[place].reason = record.reason
        }
        var names = Set(entries.map(\.id))
        for record in records {
            guard let parent = record.partOf, names.contains(parent), names.insert(record.id).inserted else { continue }
            entries.append(Entry(record, dependencies: dependencies[record.id] ?? []))
        }
    }

    /// Marks tasks as done, or as failed with a reason.
    /// - Parameter open: for each task why it is not done; nil if it is done. Other tasks keep their state.
    package mutating func take(openBecause open: [TaskID: String?]) {
        for place in entries.indices {
            guard let reason = open[entries[place].id] else { continue }
            entries[place].state = reason == nil ? .alreadyDone : .failed
            entries[place].reason = reason ?? ""
        }
    }

    /// The task of each file of a graph, by its place in `entries`.
    ///
    /// A file in tasks of several stages belongs to the first one that is not done, else to the last one. A file of a task
    /// that was split belongs to the part with the file.
    func places(in graph: RepositoryGraph) -> [Int?] {
        var places = [Int?](repeating: nil, count: graph.files.count)
        for (place, entry) in entries.enumerated() {
            for path in entry.files {
                guard let file = graph.index(of: path).map(Int.init) else { continue }
                if let earlier = places[file], entries[earlier].state?.isDone != true,
                    entry.partOf != entries[earlier].id
                {
                    continue
                }
                places[file] = place
            }
        }
        return places
    }
}

extension GraphTasks.Entry {
    fileprivate init(_ task: TaskRecord, dependencies: [TaskID]) {
        self.init(
            id: task.id, title: task.title, files: task.files, dependencies: dependencies, state: task.state,
            reason: task.reason, partOf: task.partOf)
    }
}
