import Verification

/// A name made of everything that a thing depends on.
struct SHA256Key {
    private var digest = SHA256()

    init(_ kind: String) { digest.add(kind) }

    mutating func add(_ fields: [String]) { digest.add(fields) }

    var text: String { digest.digest() }
}
