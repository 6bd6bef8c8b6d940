extension SplitProposal {
    /// Returns what is wrong with a text that is no proposal, in plain words.
    package static func problem(of error: any Error) -> String {
        guard let error = error as? DecodingError else { return "it is not a proposal in JSON or YAML: \(error)" }
        func place(_ path: [any CodingKey], _ key: (any CodingKey)? = nil) -> String {
            let words = (path + [key].compactMap { $0 }).map { key in
                key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
            }.joined()
            return words.hasPrefix(".") ? String(words.dropFirst()) : words
        }
        switch error {
        case .keyNotFound(let key, let context): return "missing key '\(place(context.codingPath, key))'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            let place = place(context.codingPath)
            return place.isEmpty
                ? "expected a mapping with the key 'parts'" : "'\(place)' has a value of the wrong kind"
        case .dataCorrupted(let context):
            let place = place(context.codingPath)
            let isKey = context.debugDescription.hasPrefix("unknown key")
            let text = isKey ? context.debugDescription : "it is not a proposal in JSON or YAML"
            return place.isEmpty || !isKey ? text : "'\(place)': \(text)"
        @unknown default: return "it is not a proposal"
        }
    }
}
