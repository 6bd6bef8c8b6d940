import Model

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A source of answers: a provider, or a script in tests.
package protocol ModelSource: Sendable {
    /// - Parameter onRetry: called before each wait.
    func answer(
        _ request: ModelRequest, onRetry: @Sendable (RetryNotice) -> Void
    ) async throws(ModelError) -> ModelAnswer

    /// Returns the tokens of the model's window, if the source tells.
    func window() async -> Int?
}

extension ModelSource {
    package func window() async -> Int? { nil }
}

/// A failed request that will be sent again.
package struct RetryNotice: Sendable, Equatable {
    /// Requests so far.
    package var attempt: Int
    package var error: ModelError
    /// Seconds until the next one.
    package var wait: Double

    package init(attempt: Int, error: ModelError, wait: Double) {
        self.attempt = attempt
        self.error = error
        self.wait = wait
    }
}

/// A client for one model of one provider, with retries.
package struct ModelClient: ModelSource {
    private let endpoint: Endpoint
    private let limits: TransferLimits
    private let policy: RetryPolicy

    package init(_ endpoint: Endpoint, limits: TransferLimits = TransferLimits(), policy: RetryPolicy = RetryPolicy()) {
        self.endpoint = endpoint
        self.limits = limits
        self.policy = policy
    }

    /// Asks a server that speaks the chat dialect for its models. Others do not tell their windows.
    package func window() async -> Int? {
        guard endpoint.dialect == .chat, endpoint.baseURL != endpoint.dialect.defaultBaseURL else { return nil }
        var limits = limits
        (limits.firstByte, limits.total) = (min(limits.firstByte, Self.patience), min(limits.total, Self.patience))
        var list = endpoint
        list.path = "/models"
        guard let body = try? await Transfer(endpoint: list, body: nil, limits: limits).whole() else { return nil }
        return Self.window(of: endpoint.model, in: body)
    }

    /// Seconds to wait for the list of models, without which the agent works as well.
    private static let patience = 5.0

    /// Returns the window in an answer to `/v1/models`. vLLM, OpenRouter, Groq, Mistral, LM Studio and llama.cpp name it
    /// differently. Where llama.cpp tells only what the model was trained with, its window is not larger than that.
    static func window(of model: String, in answer: [UInt8]) -> Int? {
        let answer = JSON(parsing: answer)
        let models = answer?["data"]?.array ?? answer?["models"]?.array ?? answer?.array ?? []
        let named = models.filter { $0["id"]?.string == model }
        guard let found = named.first ?? (models.count == 1 ? models[0] : nil) else { return nil }
        let figures = [
            found["meta"]?["n_ctx"], found["loaded_context_length"], found["max_model_len"], found["context_length"],
            found["context_window"], found["max_context_length"], found["meta"]?["n_ctx_train"],
        ]
        return figures.lazy.compactMap { $0?.integer ?? $0?.string.flatMap { Int($0) } }.first { $0 > 0 }
    }

    /// - Throws: `.limit` if the provider's limit is used up, else the last error.
    package func answer(
        _ request: ModelRequest, onRetry: @Sendable (RetryNotice) -> Void = { _ in }
    ) async throws(ModelError) -> ModelAnswer {
        let body = endpoint.dialect.body(request, model: endpoint.model).bytes
        var waited = 0.0
        var attempt = 0
        while true {
            attempt += 1
            do throws(ModelError) {
                return try await Transfer(endpoint: endpoint, body: body, limits: limits).run()
            } catch {
                let chance = Double.random(in: 0..<1)
                switch policy.step(after: error, attempt: attempt, waited: waited, chance: chance) {
                case .giveUp(let error): throw error
                case .wait(let seconds):
                    onRetry(RetryNotice(attempt: attempt, error: error, wait: seconds))
                    waited += seconds
                    do { try await Task.sleep(for: .seconds(seconds)) } catch { throw .cancelled }
                }
            }
        }
    }
}
