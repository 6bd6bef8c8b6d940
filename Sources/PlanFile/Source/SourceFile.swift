import Foundation
import Model

/// Reads the text of a plan or a worker.
enum SourceFile {
    /// The maximum size of a file. The YAML parser needs about 200 bytes of memory for each byte.
    static let maximumBytes = 1 << 20

    /// - Parameters:
    ///   - path: the file.
    ///   - shown: the path as the user typed it.
    static func read(_ path: String, shown: String) -> Result<String, Refusal> {
        func refuse(_ message: String, at place: Place = .wholeFile, hint: String? = nil) -> Result<String, Refusal> {
            .failure(
                Refusal(
                    diagnostic: Diagnostic(
                        file: shown, line: place.line, column: place.column, message: message, hint: hint)))
        }
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        } catch {
            return refuse("the file does not exist, or its folder cannot be searched", hint: "check the path")
        }
        switch attributes[.type] as? FileAttributeType {
        case .typeRegular: break
        case .typeSymbolicLink: return refuse("the symbolic link is broken")
        case .typeDirectory: return refuse("the path is a folder", hint: "name the file in it")
        default: return refuse("the path is not a regular file")
        }
        let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
        guard size <= maximumBytes else {
            return refuse("the file has \(size) bytes; the maximum is \(maximumBytes)")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            return refuse("the file cannot be read", hint: "check its permissions")
        }
        return text(of: data).mapError { refusal in
            Refusal(
                diagnostic: Diagnostic(
                    file: shown, line: refusal.place.line, column: refusal.place.column, message: refusal.message,
                    hint: refusal.hint))
        }
    }

    struct Refusal: Error {
        var diagnostic: Diagnostic
    }

    struct BadText: Error {
        var place: Place
        var message: String
        var hint: String?
    }

    /// Returns the text of a file without its byte order mark.
    static func text(of data: Data) -> Result<String, BadText> {
        if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) {
            return .failure(BadText(place: .wholeFile, message: "the file is UTF-16", hint: "save it as UTF-8"))
        }
        guard var text = String(validating: data, as: UTF8.self) else {
            return .failure(
                BadText(
                    place: end(of: validStart(of: data)), message: "the file is not UTF-8", hint: "save it as UTF-8"))
        }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        if let bad = text.unicodeScalars.firstIndex(where: isForbidden) {
            let code = String(text.unicodeScalars[bad].value, radix: 16, uppercase: true)
            return .failure(
                BadText(
                    place: end(of: text.unicodeScalars[..<bad]),
                    message: "the control character U+\(code) is not allowed",
                    hint: "write it as an escape in double quotes"))
        }
        return .success(text)
    }

    /// Returns whether YAML (1.1, section 4.1) does not count a character as printable.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x85: false
        case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    /// Returns the characters before the first invalid byte.
    private static func validStart(of data: Data) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        var bytes = data.makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        while case .valid(let encoded) = parser.parseScalar(from: &bytes) { scalars.append(UTF8.decode(encoded)) }
        return scalars
    }

    private static func end(of scalars: some Sequence<Unicode.Scalar>) -> Place {
        var place = Place(line: 1, column: 1)
        for scalar in scalars {
            if scalar == "\n" {
                place = Place(line: place.line + 1, column: 1)
            } else {
                place.column += 1
            }
        }
        return place
    }
}
