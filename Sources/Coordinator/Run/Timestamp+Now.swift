import Foundation
package import Model

extension Timestamp {
    /// The current time of the machine's clock.
    package static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }
}
