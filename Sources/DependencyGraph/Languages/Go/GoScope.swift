/// The brackets that are open while a Go file is scanned, and the names declared inside of them.
struct GoScope {
    enum Kind: UInt8 {
        case file, block, group, structBody, interfaceBody, literal, parameters, typeParameters, paren, index

        /// Whether it is closed by `}`.
        var isBrace: Bool {
            switch self {
            case .block, .structBody, .interfaceBody, .literal: true
            case .file, .group, .parameters, .typeParameters, .paren, .index: false
            }
        }
    }

    enum Signature: UInt8 { case none, receiver, open, results }

    struct Frame {
        var kind: Kind
        /// Names in the log when the frame opened: those behind it go with the frame.
        var start: Int
        /// For a block with a header, names in the log before the header's own ones, or -1.
        var header = -1
        /// Names in the log before a header whose block has not opened yet, or -1.
        var openHeader = -1
        var signature = Signature.none
        /// Names in the log before the signature's type parameters.
        var signatureStart = 0
        /// Whether the frame, a list of parameters, has names.
        var isNamed = false
        /// Whether the next token may start a statement, a field, an entry or a key.
        var isFresh = true
        /// The keyword of the group or of the specification under way.
        var spec: UInt8 = 0
        /// Container levels of a literal around its named type; -1 for a type without a name.
        var levels = 0
        /// Tokens of a literal's named type; empty for none.
        var type: Range<Int> = 0..<0
        /// Token that the frame opened behind.
        var opener = 0
    }

    private(set) var frames = [Frame(kind: .file, start: 0)]
    /// How many open scopes declare a name, by the name's place.
    private var counts: [UInt16] = []
    private(set) var log: [UInt32] = []
    /// Names that the statement under way declares at its end, with the depth of its frame.
    private var pending: [(depth: Int, name: UInt32)] = []
    /// Parameters of signatures whose body has not opened yet.
    private var parameters: [(depth: Int, name: UInt32)] = []

    /// Deeper brackets all count as one.
    static let deepest = 4096

    var top: Frame {
        @inline(__always) get { frames[frames.count - 1] }
        @inline(__always) _modify { yield &frames[frames.count - 1] }
    }

    var isFileLevel: Bool { frames.count == 1 || frames.count == 2 && frames[1].kind == .group }

    @inline(__always)
    func isLocal(_ name: UInt32) -> Bool { Int(name) < counts.count && counts[Int(name)] > 0 }

    mutating func declare(_ name: UInt32) {
        if counts.count <= Int(name) {
            counts.append(contentsOf: repeatElement(0, count: Int(name) + 64 - counts.count))
        }
        guard counts[Int(name)] < .max else { return }
        counts[Int(name)] += 1
        log.append(name)
    }

    mutating func declareLater(_ name: UInt32) { pending.append((frames.count, name)) }

    /// - Parameter outer: how many frames further out the signature stands.
    mutating func addParameter(_ name: UInt32, outer: Int) { parameters.append((frames.count - outer, name)) }

    /// Makes the names of the statement under way visible.
    mutating func flush() {
        while let last = pending.last, last.depth >= frames.count {
            pending.removeLast()
            if last.depth == frames.count { declare(last.name) }
        }
    }

    mutating func flushParameters() {
        while let last = parameters.last, last.depth >= frames.count {
            parameters.removeLast()
            if last.depth == frames.count { declare(last.name) }
        }
    }

    /// Ends a signature that has no body.
    mutating func dropSignature() {
        guard top.signature != .none else { return }
        top.signature = .none
        while let last = parameters.last, last.depth >= frames.count { parameters.removeLast() }
        restore(top.signatureStart)
    }

    mutating func restore(_ start: Int) {
        while log.count > start { counts[Int(log.removeLast())] -= 1 }
    }

    mutating func push(_ kind: Kind, opener: Int) {
        guard frames.count < Self.deepest else { return }
        frames.append(Frame(kind: kind, start: log.count, opener: opener))
    }

    /// Closes the innermost frame; the file's own stays.
    /// - Parameter hasElse: whether the names of a block's header live on.
    mutating func pop(hasElse: Bool = false) {
        guard frames.count > 1 else { return }
        if top.kind == .group { flush() }
        let frame = frames.removeLast()
        while let last = pending.last, last.depth > frames.count { pending.removeLast() }
        while let last = parameters.last, last.depth > frames.count { parameters.removeLast() }
        guard frame.kind == .block else {
            switch frame.kind {
            case .typeParameters, .parameters, .group:
                // Declared in what lies around them: variables, and type parameters, those of a receiver too.
                break
            default: restore(frame.start)
            }
            return
        }
        if hasElse, frame.header >= 0 {
            restore(frame.start)
            top.openHeader = frame.header
        } else {
            restore(frame.header >= 0 ? frame.header : frame.start)
        }
    }
}
