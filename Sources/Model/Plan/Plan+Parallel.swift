extension Plan {
    /// Candidates that may be checked at the same time.
    package var verifySlotCount: Int { landing.verifySlots ?? workers.maxParallel }

    /// Verified tasks in line to land above which no further worker is started. Work that lands much later was made on an
    /// old tip, and collides more often.
    package var landingBacklog: Int { max(16, 2 * workers.maxParallel, 2 * landing.maxBatch) }

    /// Why so many workers run side by side.
    package var workersReason: String {
        workers.parallelReason ?? (workers.isParallelOpen == true ? "the default" : "as the plan says")
    }

    /// Why so many candidates are checked side by side.
    package var verifySlotsReason: String {
        landing.slotsReason ?? (landing.verifySlots == nil ? "as many as workers" : "as the plan says")
    }

    /// One line: how many workers and candidates run side by side, and why.
    package var parallelWords: String {
        "\(Count.text(workers.maxParallel, "worker")) at a time (\(workersReason)), "
            + "\(Count.text(verifySlotCount, "verify slot")) (\(verifySlotsReason))"
    }
}
