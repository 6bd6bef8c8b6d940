/// What the format has room for and this program does not do yet.
///
/// A plan that says one of these is refused, since to pass over a key in silence would promise what does not happen.
/// A line goes when its room is built; a key without an entry in the tables of keys gets one then.
struct NotYet: Sendable {
    /// Keys by their path from the top, with what to do instead.
    var keys: [String: String]
    /// Values of keys that have others which are supported, by the key's path and the value.
    var values: [String: [String: String]]

    static let plan = NotYet(
        keys: [
            "executor": "every worker runs on this machine",
            "tasks": "write them under decompose, with 'strategy: list'",
        ],
        values: [
            "workers.ladder": ["auto": "write the workers, and 'order: auto' beside them"]
        ])

    static let worker = NotYet(
        keys: [
            "sandbox": "'network' and 'limits' are the worker's own; the rest is written in the plan"
        ],
        values: [:])
}
