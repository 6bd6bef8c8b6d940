/// Keys and values of the format that this program does not support yet.
///
/// A plan that uses one is refused: a key that is silently ignored would promise something that does not happen.
struct Unsupported: Sendable {
    /// Hints by the path of a refused key.
    var keys: [String: String]
    /// Hints by the path of a key and a refused value. Other values of the key are supported.
    var values: [String: [String: String]]

    static let plan = Unsupported(
        keys: [
            "tasks": "write them under decompose, with 'strategy: list'"
        ],
        values: [
            "workers.ladder": ["auto": "write the workers, and 'order: auto' beside them"]
        ])

    static let worker = Unsupported(
        keys: [
            "sandbox": "set 'network' and 'limits' in the worker, and 'sandbox' in the plan"
        ],
        values: [:])
}
