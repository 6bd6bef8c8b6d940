/// Something in a plan that does not fit its repository.
package struct PlanFault: Sendable, Equatable {
    /// The part of the plan that is at fault. Numbers count from 0.
    package enum Part: Sendable, Equatable {
        case plan
        case repository
        case base
        case integration
        case depends
        /// A glob of `scope.include`; nil for the whole scope.
        case scope(stage: Int, glob: Int?)
        /// An entry of `files` of a listed task; nil for the whole task.
        case task(stage: Int, number: Int, entry: Int?)
    }

    package var part: Part
    package var severity: Diagnostic.Severity
    package var message: String
    /// What to do about it.
    package var hint: String?

    package init(_ part: Part, severity: Diagnostic.Severity = .error, message: String, hint: String? = nil) {
        self.part = part
        self.severity = severity
        self.message = message
        self.hint = hint
    }

    /// Splits the description of an error, whose second line is its hint.
    package init(_ part: Part, describing error: any Error) {
        let parts = "\(error)".components(at: "\n  hint: ")
        self.init(part, message: parts.first, hint: parts.rest)
    }
}

extension String {
    /// The text before and after the first occurrence of a separator.
    fileprivate func components(at separator: String) -> (first: String, rest: String?) {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(separator) {
                return (String(self[..<index]), String(self[index...].dropFirst(separator.count)))
            }
            index = self.index(after: index)
        }
        return (self, nil)
    }
}
