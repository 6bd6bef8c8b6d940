import CCurl
import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One request and its answer, by libcurl on a thread of its own.
///
/// libcurl's multi interface is used for a single transfer, since its wait can be interrupted from another thread: that
/// is how cancellation gets through at once.
struct Transfer: Sendable {
    var endpoint: Endpoint
    var body: [UInt8]
    var limits: TransferLimits

    /// - Throws: all but `.limit` and `.configuration`.
    func run() async throws(ModelError) -> ModelAnswer {
        let interruption = Interruption()
        let transfer = self
        let result: Result<ModelAnswer, ModelError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "orchestrate.transfer").async {
                    continuation.resume(returning: transfer.perform(interruption))
                }
            }
        } onCancel: {
            interruption.interrupt()
        }
        return try result.get()
    }

    private func perform(_ interruption: Interruption) -> Result<ModelAnswer, ModelError> {
        do throws(ModelError) {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            let intake = Intake(AnswerReader(dialect: endpoint.dialect, limits: limits, now: Double(time.tv_sec)))
            let handle = try TransferHandle(endpoint, body: body, limits: limits, intake: intake)
            try handle.perform(interruption, limits)
            return .success(try intake.reader.answer())
        } catch {
            return .failure(error.redacted(by: endpoint))
        }
    }
}

/// What libcurl's callbacks write to: used on the transfer's thread alone.
final class Intake {
    var reader: AnswerReader
    /// When the last byte came.
    var last: ContinuousClock.Instant?

    init(_ reader: AnswerReader) { self.reader = reader }
}

/// Ends a wait of libcurl from another thread.
final class Interruption: Sendable {
    private struct State {
        var isInterrupted = false
        /// libcurl's multi handle while there is one, as a number: a pointer could not cross threads.
        var multi: UInt?
    }

    private let state = Mutex(State())

    var isInterrupted: Bool { state.withLock(\.isInterrupted) }

    func interrupt() {
        // The lock is held over the wake-up, so that the handle is not taken down under it.
        state.withLock { state in
            state.isInterrupted = true
            if let multi = state.multi { curl_multi_wakeup(UnsafeMutableRawPointer(bitPattern: multi)) }
        }
    }

    /// Names the handle to wake up; nil before it is taken down.
    func watch(_ multi: UInt?) { state.withLock { $0.multi = multi } }
}

extension ModelError {
    /// The same error without what is secret in the provider's or the library's words.
    func redacted(by endpoint: Endpoint) -> ModelError {
        switch self {
        case .provider(var refusal):
            refusal.message = endpoint.redacted(refusal.message)
            refusal.kind = endpoint.redacted(refusal.kind)
            return .provider(refusal)
        case .connection(let words): return .connection(endpoint.redacted(words))
        case .malformed(let words): return .malformed(endpoint.redacted(words))
        default: return self
        }
    }
}
