import Dispatch

/// A handle whose calls block, such as a repository or a slot. It is reached only on a thread that may block.
///
/// Swift's own threads are as many as there are cores: a few blocked ones would stop every other task of the program,
/// the one that ends a hanging worker among them.
struct Blocking<Handle: Sendable>: Sendable {
    private let handle: Handle

    init(_ handle: Handle) { self.handle = handle }

    /// Runs the body on a thread that may block, and waits for it without holding one of Swift's own.
    func callAsFunction<Result: Sendable, Failure: Error>(
        _ body: @escaping @Sendable (Handle) throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let handle = handle
        return try await blocking { () throws(Failure) -> Result in try body(handle) }
    }
}

/// Runs work that blocks on a thread that may block.
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
