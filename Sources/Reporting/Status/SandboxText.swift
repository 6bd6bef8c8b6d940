import Model

/// The warning that a run has no sandbox; every report shows it.
enum SandboxText {
    static func lines(_ plan: Plan, _ layout: Layout) -> [String] {
        guard plan.sandbox.mode == .off else { return [] }
        return [layout.style.paint("  sandbox: off; workers and checks may do anything you may do", .bad)]
    }
}
