import Model

/// A change of the base that a run follows, on one line.
enum BaseText {
    static func words(_ change: Fact.BaseChange) -> String {
        switch change {
        case .moved(let base): "moved to \(base.short); the branch is rebased onto it"
        case .rebased(let rebased): "the branch passed its checks on \(rebased.base.short)"
        case .kept(let base, let reason): "did not follow to \(base.short): \(reason)"
        case .followed(let rebased): "the branch is now based on \(rebased.base.short)"
        }
    }
}
