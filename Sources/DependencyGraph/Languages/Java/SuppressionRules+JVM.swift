extension SuppressionRules {
    /// The checkers of Java, Kotlin and Scala.
    static let jvm = SuppressionRules(
        starts: [
            (.lint, "nopmd"), (.lint, "checkstyle:off"), (.lint, "noinspection"), (.lint, "scalastyle:off"),
            (.lint, "scalafix:off"), (.lint, "ktlint-disable"),
        ], words: [(.lint, "nosonar")],
        attributes: [
            (.compiler, ["@", "SuppressWarnings"]), (.compiler, ["@", "Suppress"]),
            (.compiler, ["@", "file", ":", "Suppress"]), (.compiler, ["@", "SuppressLint"]),
            (.compiler, ["@", "SuppressFBWarnings"]), (.compiler, ["@", "nowarn"]),
        ])
}
