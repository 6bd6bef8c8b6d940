import CCurl
import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One request and its answer, by libcurl on a separate thread.
///
/// The multi interface of libcurl is used for a single transfer, since another thread can interrupt its wait. So a
/// cancellation takes effect at once.
struct Transfer: Sendable {
    var endpoint: Endpoint
    /// nil for a request without one, by GET.
    var body: [UInt8]?
    var limits: TransferLimits

    /// - Throws: any error except `.limit` and `.configuration`.
    func run() async throws(ModelError) -> ModelAnswer {
        try await result { reader throws(ModelError) in try reader.answer() }
    }

    /// Returns the body of the answer in one piece.
    func whole() async throws(ModelError) -> [UInt8] {
        try await result { reader throws(ModelError) in try reader.document() }
    }

    /// Sends the body, and expects nothing but a status of success.
    func delivery() async throws(ModelError) {
        _ = try await result { reader throws(ModelError) in try reader.delivery() }
    }

    private func result<Value: Sendable>(
        _ read: @escaping @Sendable (AnswerReader) throws(ModelError) -> Value
    ) async throws(ModelError) -> Value {
        let interruption = TransferCancellation()
        let transfer = self
        let result: Result<Value, ModelError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "orchestrate.transfer").async {
                    continuation.resume(returning: transfer.perform(interruption, read))
                }
            }
        } onCancel: {
            interruption.interrupt()
        }
        return try result.get()
    }

    private func perform<Value>(
        _ interruption: TransferCancellation, _ read: (AnswerReader) throws(ModelError) -> Value
    ) -> Result<Value, ModelError> {
        do throws(ModelError) {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            let intake = TransferInput(
                AnswerReader(dialect: endpoint.dialect, limits: limits, now: Double(time.tv_sec)))
            let handle = try TransferHandle(endpoint, body: body, limits: limits, intake: intake)
            try handle.perform(interruption, limits)
            return .success(try read(intake.reader))
        } catch {
            return .failure(error.redacted(by: endpoint))
        }
    }
}

/// The target of libcurl's callbacks. It is used only on the transfer's thread.
final class TransferInput {
    var reader: AnswerReader
    /// Time of the last byte.
    var last: ContinuousClock.Instant?

    init(_ reader: AnswerReader) { self.reader = reader }
}

/// Interrupts a wait of libcurl from another thread.
final class TransferCancellation: Sendable {
    private struct State {
        var isInterrupted = false
        /// libcurl's multi handle while it exists. It is a number, since a pointer cannot cross threads.
        var multi: UInt?
    }

    private let state = Mutex(State())

    var isInterrupted: Bool { state.withLock(\.isInterrupted) }

    func interrupt() {
        // The lock is held during the wake-up, so that the handle is not freed meanwhile.
        state.withLock { state in
            state.isInterrupted = true
            if let multi = state.multi { curl_multi_wakeup(UnsafeMutableRawPointer(bitPattern: multi)) }
        }
    }

    /// Sets the handle to wake up; nil before it is freed.
    func watch(_ multi: UInt?) { state.withLock { $0.multi = multi } }
}

extension ModelError {
    /// Returns the error without secrets in the messages of the provider or the library.
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
