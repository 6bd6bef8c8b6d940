/// How a process ended and which resources it used.
package struct ProcessOutcome: Sendable, Equatable {
    package enum Ending: Sendable, Equatable {
        case exited(Int32)
        /// Ended by a signal that this program did not send.
        case signalled(Int32)
        case timedOut
        /// The Swift task that awaited the process was cancelled.
        case cancelled
        case outputLimit
        /// Ended after this many seconds of inactivity.
        case idle(Double)
        /// Ended because it exceeded a limit.
        case limit(ResourceLimit)
        /// Not started because of the machine or the request; the text is for people.
        case couldNotStart(String)
    }

    package var ending: Ending
    /// Seconds of wall time, including the time to end left-over processes.
    package var seconds: Double
    /// Seconds of user and system time of the process and the children it waited for; nil if unknown.
    package var processorSeconds: Double?
    /// Peak bytes of memory of the largest of these processes; nil if unknown.
    package var peakMemory: Int?
    /// Number of processes that outlived the leader and were ended. Those that the kernel ends with a sandbox do not
    /// count.
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

    /// Exit status in the convention of shells: 128 plus the signal's number for a process ended by a signal.
    package var status: Int32 {
        switch ending {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        case .timedOut, .outputLimit, .idle, .limit, .cancelled: 128 + 15
        case .couldNotStart: 126
        }
    }
}
