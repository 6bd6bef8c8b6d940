/// A place where attempts can run, as the user's `executors.yaml` describes it.
package struct ExecutorSettings: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// This machine, in processes of their own.
        case local
        case ssh
        case slurm
        /// The pods of a cluster.
        case kubernetes
    }

    /// A machine that is reached by SSH.
    package struct Host: Codable, Sendable, Equatable {
        /// As on the command line of `ssh`: a name, `user@name`, or an entry of its configuration.
        package var name: String
        /// How many attempts run there at once.
        package var slots: Int

        package init(name: String, slots: Int) {
            self.name = name
            self.slots = slots
        }
    }

    package var name: String
    package var kind: Kind
    /// The machines of `ssh`; for `slurm` the one with `sbatch`, or none for this machine.
    package var hosts: [Host]
    /// How many attempts run at once, in all.
    package var slots: Int
    /// Folder on the machine for its objects, slots and jobs: absolute, or below `~/`; in pods always absolute.
    package var files: String
    /// The program there; nil for the place where `executors install` puts it, for this program on this machine, and for
    /// the one in the `PATH` of an image.
    package var program: String?
    /// Like `WorkerRules.environment`: `NAME=value` sets a variable there.
    package var environment: [String]
    package var resources: JobResources
    /// Further options of `ssh`, `sbatch` or `kubectl`.
    package var options: [String]
    /// A partition of Slurm, or a local queue of Kueue; nil for the default one, or none.
    package var queue: String?
    /// Starts of attempts per second.
    package var rate: Double
    /// Seconds without an answer of a machine after which its attempts count as lost.
    package var lease: Double
    /// Where machines get the base from.
    package var source: JobOrder.Source
    /// What pods need; only with `kubernetes`.
    package var pods: PodSettings?

    package static let defaultSlots = 4
    package static let defaultFiles = "~/.local/state/orchestrate-jobs"
    package static let defaultPodFiles = "/orchestrate"
    package static let defaultProgram = "~/.local/lib/orchestrate/orchestrate"
    package static let defaultRate: Double = 20
    package static let defaultLease: Double = 120

    package init(
        name: String, kind: Kind, hosts: [Host] = [], slots: Int = ExecutorSettings.defaultSlots,
        files: String = ExecutorSettings.defaultFiles, program: String? = nil, environment: [String] = [],
        resources: JobResources = JobResources(), options: [String] = [], queue: String? = nil,
        rate: Double = ExecutorSettings.defaultRate,
        lease: Double = ExecutorSettings.defaultLease, source: JobOrder.Source = .bundle, pods: PodSettings? = nil
    ) {
        self.name = name
        self.kind = kind
        self.hosts = hosts
        self.slots = slots
        self.files = files
        self.program = program
        self.environment = environment
        self.resources = resources
        self.options = options
        self.queue = queue
        self.rate = rate
        self.lease = lease
        self.source = source
        self.pods = pods
    }
}

/// What one attempt needs of a machine that others share.
package struct JobResources: Codable, Sendable, Equatable {
    /// Processor cores; nil for the engine's default, as in the others.
    package var cores: Int?
    /// Bytes.
    package var memory: Int?
    /// Bytes.
    package var disk: Int?

    package init(cores: Int? = nil, memory: Int? = nil, disk: Int? = nil) {
        self.cores = cores
        self.memory = memory
        self.disk = disk
    }

    /// Returns these resources, with the missing ones taken from another value.
    package func completed(by other: JobResources) -> JobResources {
        JobResources(cores: cores ?? other.cores, memory: memory ?? other.memory, disk: disk ?? other.disk)
    }
}
