/// A window of candidates of one task each; it grows with each landing and is halved by each failure
/// (Zuul's dependent pipeline, https://zuul-ci.org/docs/zuul/latest/gating.html).
struct SpeculativePolicy: LandingPolicy {
    private let slots: Int
    private var window: Int

    /// Zuul's `window-floor`.
    private static let floor = 3

    init(slots: Int) {
        self.slots = slots
        window = min(Self.floor, slots)
    }

    func size(_ view: LandingView) -> Int { view.chained < window ? min(1, view.offered) : 0 }

    mutating func landed(_ tasks: Int?) { window = min(slots, window + 1) }

    mutating func failed() { window = max(min(Self.floor, slots), window / 2) }
}
