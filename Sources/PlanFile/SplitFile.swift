package import Model
import Yams

/// A proposal to split a task as a worker writes it, in YAML or JSON.
package enum SplitFile {
    package struct Problem: Error, Equatable {
        package var reason: String
    }

    package static func read(_ text: String) throws(Problem) -> SplitProposal {
        do {
            return try YAMLDecoder().decode(SplitProposal.self, from: text)
        } catch {
            throw Problem(reason: SplitProposal.problem(of: error))
        }
    }
}
