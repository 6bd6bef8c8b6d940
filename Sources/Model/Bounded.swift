extension Double {
    /// The nearest whole number, as far as numbers are whole and exact; 0 for no number.
    ///
    /// `Int(_:)` ends the program for a number that is too large, and numbers from outside may be.
    package var whole: Int { isNaN ? 0 : Int(Swift.min(Swift.max(self, -0x1p53), 0x1p53).rounded()) }
}

extension Int {
    /// The sum, or the largest number where it has none.
    package func saturatingSum(_ other: Int) -> Int {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? (other < 0 ? .min : .max) : sum
    }
}
