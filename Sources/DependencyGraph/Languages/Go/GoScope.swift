/// The open brackets during the scan of a Go file, and the names declared inside them.
struct GoScope {
    enum Kind: UInt8 {
        case file, block, group, structBody, interfaceBody, literal, parameters, typeParameters, paren, index

        /// Whether `}` closes it.
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
        /// The length of the log of names when the frame opened. Later names are removed with the frame.
        var start: Int
        /// For a block with a header: the length of the log before the header's names, or -1.
        var header = -1
        /// The length of the log before a header whose block has not opened yet, or -1.
        var openHeader = -1
        var signature = Signature.none
        /// The length of the log before the signature's type parameters.
        var signatureStart = 0
        /// For a parameter list: whether its parameters have names.
        var isNamed = false
        /// Whether the next token may start a statement, a field, an entry or a key.
        var isFresh = true
        /// The keyword of the current group or specification.
        var spec: UInt8 = 0
        /// The number of containers around the named type of a literal; -1 for a type without a name.
        var levels = 0
        /// The tokens of a literal's named type; empty without one.
        var type: Range<Int> = 0..<0
        /// The token before the frame.
        var opener = 0
    }

    private(set) var frames = [Frame(kind: .file, start: 0)]
    /// By name: the number of open scopes that declare it.
    private var counts: [UInt16] = []
    private(set) var log: [UInt32] = []
    /// Names that the current statement declares at its end, with the depth of its frame.
    private var pending: [(depth: Int, name: UInt32)] = []
    /// Parameters of signatures whose body has not opened yet.
    private var parameters: [(depth: Int, name: UInt32)] = []

    /// The deepest nesting. Deeper brackets share one frame.
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

    /// - Parameter outer: the number of frames between this one and the signature.
    mutating func addParameter(_ name: UInt32, outer: Int) { parameters.append((frames.count - outer, name)) }

    /// Makes the names of the current statement visible.
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

    /// Closes the innermost frame, but not the frame of the file.
    /// - Parameter hasElse: whether the names of the block's header stay visible.
    mutating func pop(hasElse: Bool = false) {
        guard frames.count > 1 else { return }
        if top.kind == .group { flush() }
        let frame = frames.removeLast()
        while let last = pending.last, last.depth > frames.count { pending.removeLast() }
        while let last = parameters.last, last.depth > frames.count { parameters.removeLast() }
        guard frame.kind == .block else {
            switch frame.kind {
            case .typeParameters, .parameters, .group:
                // Variables and type parameters, including type parameters of a receiver, are declared in the enclosing
                // scope.
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
