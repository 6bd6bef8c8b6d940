/// How a process ended, and what it used.
package struct ProcessOutcome: Sendable, Equatable {
    package enum Ending: Sendable, Equatable {
        case exited(Int32)
        /// By a signal that nobody here sent.
        case signalled(Int32)
        case timedOut
        /// The Swift task that awaited the process was cancelled.
        case cancelled
        case outputLimit
        /// It did nothing for so many seconds and was ended.
        case idle(Double)
        /// It went over one of its limits and was ended.
        case limit(ResourceLimit)
        /// The machine's fault, or the request's; the text is for people.
        case couldNotStart(String)
    }

    package var ending: Ending
    /// Seconds of wall time, the ending of what it left behind included.
    package var seconds: Double
    /// Seconds of user and system time of the process and of those it waited for; nil where unknown.
    package var processorSeconds: Double?
    /// Bytes of memory of the largest of these processes; nil where unknown.
    package var peakMemory: Int?
    /// Processes that outlived the leader and were ended; those of a sandbox that the kernel ends are not counted.
    package var leftBehind: Int

    package init(
        ending: Ending, seconds: Double, processorSeconds: Double? = nil, peakMemory: Int? = nil, leftBehind: Int = 0
    ) {
        self.ending = ending
        self.seconds = seconds
        self.processorSeconds = processorSeconds
        self.peakMemory = peakMemory
        self.leftBehind = leftBehind
    }

    package var succeeded: Bool { ending == .exited(0) }

    /// Exit status as a shell tells it: 128 plus the signal's number for a process that a signal ended.
    package var status: Int32 {
        switch ending {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        case .timedOut, .outputLimit, .idle, .limit, .cancelled: 128 + 15
        case .couldNotStart: 126
        }
    }
}
