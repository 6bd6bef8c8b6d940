package import Model

/// Where a process runs. It gives the process its `ORCHESTRATE_*` variables.
package struct JobPlace: Sendable, Equatable {
    package var run: RunID
    package var task: TaskID?
    package var attempt: Int?
    /// Path of the job folder.
    package var job: String?
    /// Number of the slot, counted from 0.
    package var slot: Int

    package init(run: RunID, task: TaskID? = nil, attempt: Int? = nil, job: String? = nil, slot: Int) {
        self.run = run
        self.task = task
        self.attempt = attempt
        self.job = job
        self.slot = slot
    }

    /// Number of TCP ports of a slot. Each slot has its own, so that tests that start servers can run side by side.
    package static let portsPerSlot = 20
    /// Above the usual ports of servers and below 32768, where Linux starts to assign ports to clients.
    private static let firstPort = 20_000
    private static let lastPort = 32_768

    /// First port of the slot's range.
    package var portBase: Int {
        Self.firstPort + slot % ((Self.lastPort - Self.firstPort) / Self.portsPerSlot) * Self.portsPerSlot
    }

    package var variables: [String: String] {
        var result = [
            "ORCHESTRATE_RUN": run.rawValue, "ORCHESTRATE_SLOT": "\(slot)", "ORCHESTRATE_PORT_BASE": "\(portBase)",
        ]
        result["ORCHESTRATE_TASK"] = task?.rawValue
        result["ORCHESTRATE_ATTEMPT"] = attempt.map { "\($0)" }
        result["ORCHESTRATE_JOB"] = job
        return result
    }
}
