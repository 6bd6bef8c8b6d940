/// Why a tool failed, in words for the model.
package struct ToolFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
