/// The open brackets during the scan of a Swift file, and the names visible only inside them.
struct SwiftScope {
    enum Kind: UInt8 {
        case file, type, enumeration, code, paren, parameters, bracket

        var isBrace: Bool { self == .type || self == .enumeration || self == .code }
        var isType: Bool { self == .type || self == .enumeration }
    }

    struct Frame {
        var kind: Kind
        /// The length of the log of names when the frame opened.
        var start: Int
        /// The length of the log before the names of the current declaration, or -1.
        var declaration = -1
        /// The tokens of the name of the type that the next brace opens; empty without one.
        var openName: Range<Int> = 0..<0
        var openFlags: UInt8 = 0
        var opensEnum = false
        /// Types named in the header of that type, which may be its supertypes.
        var inherited: [UInt32] = []
        /// Tokens of that type's generic parameters.
        var generics: [Int] = []
        /// Whether the `where` clause of the header has begun, which names no supertypes.
        var inConditions = false
        /// The tokens of the name of the frame's type; empty for a frame inside code.
        var name: Range<Int> = 0..<0
        var flags: UInt8 = 0
        /// Whether the next name is an enum case.
        var expectsCase = false
        var inCases = false
        /// Whether a parameter may start here.
        var isFresh = true
        /// Whether functions and not types follow in this parameter list.
        var takesParameters = false
    }

    var frames = [Frame(kind: .file, start: 0)]
    private var counts: [UInt16] = []
    private(set) var log: [UInt32] = []

    static let deepest = 4096

    var top: Frame {
        @inline(__always) get { frames[frames.count - 1] }
        @inline(__always) _modify { yield &frames[frames.count - 1] }
    }

    /// Whether declarations here are visible outside of the file's functions.
    var isDeclarative: Bool {
        let frame = top
        return frame.kind == .file || frame.kind.isType && !frame.name.isEmpty
    }

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

    mutating func restore(_ start: Int) {
        while log.count > start { counts[Int(log.removeLast())] -= 1 }
    }

    /// Starts a declaration. Removes the parameters of the previous one if it had no body.
    mutating func beginDeclaration() {
        if top.declaration >= 0 { restore(top.declaration) }
        top.declaration = log.count
        top.openName = 0..<0
        top.inherited = []
        top.generics = []
        top.inConditions = false
        top.inCases = false
        top.expectsCase = false
    }

    mutating func push(_ kind: Kind) {
        guard frames.count < Self.deepest else { return }
        frames.append(Frame(kind: kind, start: log.count))
    }

    @discardableResult
    mutating func pop() -> Frame? {
        guard frames.count > 1 else { return nil }
        let frame = frames.removeLast()
        if frame.kind != .parameters { restore(frame.start) }
        return frame
    }
}
