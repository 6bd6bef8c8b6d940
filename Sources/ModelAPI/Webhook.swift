/// Sends a document to a URL of the user's.
package enum Webhook {
    /// Seconds for the whole transfer.
    private static let patience = 20.0

    /// Posts JSON, and expects a status of 200 to 299.
    /// - Throws: `connection`, `provider` for another status, or another error of the transfer.
    package static func post(_ body: [UInt8], to url: String) async throws(ModelError) {
        // A query stays at the end; the path of the dialect is left out.
        var endpoint = try Endpoint(dialect: .chat, baseURL: url, model: "none", headers: ["accept": "*/*"])
        endpoint.path = url.hasSuffix("/") ? "/" : ""
        let limits = TransferLimits(connect: patience, firstByte: patience, idle: patience, total: patience)
        try await Transfer(endpoint: endpoint, body: body, limits: limits).delivery()
    }
}
