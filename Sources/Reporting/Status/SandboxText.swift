import Model

/// That a run goes without a sandbox is said wherever the run is shown.
enum SandboxText {
    static func lines(_ plan: Plan, _ layout: Layout) -> [String] {
        guard plan.sandbox.mode == .off else { return [] }
        return [layout.style.paint("  sandbox: off; workers and checks may do all that you may", .bad)]
    }
}
