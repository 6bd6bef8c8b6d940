import Dispatch

/// A handle whose calls block, such as a repository or a slot. It is used only on threads that may block.
///
/// Swift runs async code on as many threads as there are cores. A few blocked ones would stop every other task of the
/// program, including the one that ends a hanging worker.
struct Blocking<Handle: Sendable>: Sendable {
    private let handle: Handle

    init(_ handle: Handle) { self.handle = handle }

    /// Runs the body on a thread that may block, and suspends the caller meanwhile.
    func callAsFunction<Result: Sendable, Failure: Error>(
        _ body: @escaping @Sendable (Handle) throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let handle = handle
        return try await blocking { () throws(Failure) -> Result in try body(handle) }
    }
}

/// Runs blocking work on a thread that may block, and suspends the caller meanwhile.
func blocking<Result: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Result
) async throws(Failure) -> Result {
    let outcome: Swift.Result<Result, Failure> = await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            do throws(Failure) {
                continuation.resume(returning: .success(try body()))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
    }
    return try outcome.get()
}
