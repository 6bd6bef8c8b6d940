import Model

/// What happened to the base of a run, on one line.
enum BaseText {
    static func words(_ change: Fact.BaseChange) -> String {
        switch change {
        case .moved(let base): "moved to \(base.short); the branch is put onto it"
        case .rebased(let rebased): "the branch has passed on \(rebased.base.short)"
        case .kept(let base, let reason): "not followed to \(base.short): \(reason)"
        case .followed(let rebased): "the branch now stands on \(rebased.base.short)"
        }
    }
}
