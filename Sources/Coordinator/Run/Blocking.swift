import Dispatch

/// Runs work that blocks, such as a checkout, on a thread of its own kind.
///
/// Swift's own threads are as many as there are cores: a few blocked ones would stop every other task of the program,
/// the one that ends a hanging worker among them.
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
