import Foundation
package import Model

extension Timestamp {
    /// The moment now, by the machine's clock.
    package static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }
}
