/// The conversion of a file's content between the repository and a checkout.
///
/// Follows gitattributes(5) on a system whose lines end in LF, with `core.autocrlf` and `core.eol` unset: the content of
/// a slot depends on the commit, not on the user.
struct Conversion: Sendable, Equatable {
    enum LineEndings: Sendable, Equatable {
        case untouched
        /// Stored with LF; checked out with CRLF if `carriageReturns` is set.
        case text(carriageReturns: Bool)
        /// The same, but only for content that looks like text.
        case automatic(carriageReturns: Bool)
    }

    var lineEndings = LineEndings.untouched
    var expandsIdent = false
    /// Name of a filter driver; only the git command line runs it.
    var filter: String?
    /// Encoding of the checked-out file; only the git command line converts it.
    var encoding: String?

    var isNone: Bool { self == Conversion() }
    /// Whether the conversion needs the git command line.
    var needsCommandLine: Bool { filter != nil || encoding != nil }

    init() {}

    init(_ attributes: [String: AttributeValue]) {
        lineEndings = Self.lineEndings(attributes)
        expandsIdent = attributes["ident"] == .set
        if case .text(let name) = attributes["filter"] { filter = name }
        if case .text(let name) = attributes["working-tree-encoding"], !["UTF-8", "UTF8"].contains(name.uppercased()) {
            encoding = name
        }
    }

    private static func lineEndings(_ attributes: [String: AttributeValue]) -> LineEndings {
        // `crlf` is the old name of `text`.
        func meaning(_ value: AttributeValue?) -> LineEndings? {
            switch value {
            case .set, .text("input"): .text(carriageReturns: false)
            case .unset: .untouched
            case .text("auto"): .automatic(carriageReturns: false)
            default: nil
            }
        }
        let text = meaning(attributes["text"]) ?? meaning(attributes["crlf"])
        if text == .untouched { return .untouched }
        let carriageReturns: Bool
        switch attributes["eol"] {
        case .text("lf"): carriageReturns = false
        case .text("crlf"): carriageReturns = true
        default: return text ?? .untouched
        }
        if case .automatic = text { return .automatic(carriageReturns: carriageReturns) }
        return .text(carriageReturns: carriageReturns)
    }

    /// Converts checked-out content to repository content. Filters and encodings are not applied.
    ///
    /// - Parameter stored: reads the blob that the commit has at the path. If that blob holds CRLF, automatic conversion
    ///   leaves the content unchanged.
    func toRepository(_ content: [UInt8], stored: () throws(GitError) -> [UInt8]?) throws(GitError) -> [UInt8] {
        var content = content
        switch lineEndings {
        case .untouched: break
        case .text: content = LineEndingConversion.withoutCarriageReturns(content)
        case .automatic:
            let statistics = LineStatistics(content)
            guard !statistics.looksBinary, statistics.pairs > 0 else { break }
            if let stored = try stored() {
                let before = LineStatistics(stored)
                if !before.looksBinary, before.pairs > 0 { break }
            }
            content = LineEndingConversion.withoutCarriageReturns(content)
        }
        return expandsIdent ? Ident.collapse(content) : content
    }

    /// Converts repository content to checked-out content. Filters and encodings are not applied.
    func toCheckout(_ content: [UInt8], id: RawID) -> [UInt8] {
        let content = expandsIdent ? Ident.expand(content, id: id) : content
        switch lineEndings {
        case .text(carriageReturns: true): return LineEndingConversion.withCarriageReturns(content)
        case .automatic(carriageReturns: true):
            let statistics = LineStatistics(content)
            if statistics.pairs > 0 || statistics.looksBinary { return content }
            return LineEndingConversion.withCarriageReturns(content)
        default: return content
        }
    }
}
