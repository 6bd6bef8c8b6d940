package import Model

/// A request to `orchestrate job host`, the part of the program that looks after the jobs of one machine.
package struct HostRequest: Codable, Sendable {
    /// Version of the program that asks. Another one refuses.
    package var program: String
    /// How jobs are started and looked at there.
    package var engine: JobEngine.Settings
    package var operation: Operation

    package enum Operation: Codable, Sendable {
        /// Asks for room and for the bases of a repository.
        case hello(repository: String)
        /// Stores the files of an order, which follow, and starts it.
        case submit(job: String, resources: JobResources, seconds: Double)
        case exchange([Exchange])
        /// Asks for the result and the files of an ended job.
        case fetch(job: String)
        /// Ends jobs for certain.
        case cancel(jobs: [String])
        case remove(job: String)
        /// Ends and removes all jobs whose names begin so.
        case endAll(prefix: String)
    }
}

/// The answer to a `HostRequest`.
package enum HostReply: Codable, Sendable {
    case hello(Hello)
    /// `isNew` is false if the job was there already.
    case submitted(isNew: Bool)
    case exchanged([Exchanged])
    case fetched(JobResult)
    case done
    case refused(reason: String)

    package struct Hello: Codable, Sendable {
        /// Bytes that are free.
        var free: Int
        /// The commits whose objects are there.
        var bases: [ObjectID]
    }
}
