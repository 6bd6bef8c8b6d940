/// Why a tool did not do what it was asked, in words for the model.
package struct ToolFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
