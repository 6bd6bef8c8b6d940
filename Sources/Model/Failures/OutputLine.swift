/// What one line of a failure's digest says about the cause.
package enum OutputLine: Equatable {
    /// A place with its message: `src/a.c:2:57: error: …`.
    case diagnostic(CodePlace, String)
    /// A place of a trace that is printed after its message.
    case frame(CodePlace)
    /// A place of a trace that is printed before its message.
    case earlierFrame(CodePlace)
    /// A line that is only a place; the message about it follows.
    case heading(CodePlace)
    /// A place whose message is the next line.
    case messageFollows(CodePlace?)
    /// An assertion or an error without a place.
    case message(String)
    /// The name of an exception, whose message is the next line.
    case exceptionFollows(String)
    /// A line that pytest marks as part of an error: the first one of a block is its message.
    case marked(String)
    /// A line that is only the name of a file; lines below it give places in it.
    case file(String)
    /// An error with the line of the file that was named above: `3:14  error  'x' is not defined  no-undef`.
    case inFile(line: Int, String)
    /// The name of what failed, for a digest without a message.
    case name(String)
    case other

    /// - Parameter text: a line of a digest.
    package init(_ text: Substring) {
        let isMarked = text.hasPrefix("E  ")
        let line = Self.withoutMarks(isMarked ? text.dropFirst() : text)
        self =
            Self.trace(line, isIndented: text.first?.isWhitespace ?? false) ?? Self.placed(line)
            ?? Self.listed(line) ?? Self.located(line) ?? Self.unplaced(line, isMarked: isMarked) ?? .other
    }

    /// A line without leading spaces and without what Maven, Kotlin, `go vet`, `psql`, Terraform and logs write before a
    /// place or a message.
    private static func withoutMarks(_ text: Substring) -> Substring {
        var line = text.drop { $0.isWhitespace }
        let stamp = "<time> "
        if line.hasPrefix(stamp) {
            line = line.dropFirst(stamp.count)
            for level in ["ERROR ", "FATAL ", "[error] "] where line.hasPrefix(level) {
                return "error: " + line.dropFirst(level.count)
            }
        }
        for mark in ["[ERROR] ", "[error] ", "e: ", "vet: ", "psql:", "│ "] where line.hasPrefix(mark) {
            line = line.dropFirst(mark.count)
        }
        return line.drop { $0.isWhitespace }
    }

    // MARK: Traces

    private static func trace(_ line: Substring, isIndented: Bool) -> OutputLine? {
        if let place = pythonFrame(line) { return .earlierFrame(place) }
        if line.hasPrefix("--> "), let found = CodePlace.first(in: line.dropFirst(4)) { return .frame(found.place) }
        if let place = sanitizerFrame(line) ?? terraformPlace(line) { return .frame(place) }
        // `at ShapeTests.Area() in tests/ShapeTests.cs:line 12` of .NET.
        if line.hasPrefix("at "), let mark = line.ranges(of: ":line ").last, let inside = line.ranges(of: " in ").last,
            inside.upperBound < mark.lowerBound, let number = Int(line[mark.upperBound...])
        {
            return .frame(CodePlace(path: String(line[inside.upperBound..<mark.lowerBound]), line: number))
        }
        if line.hasPrefix("at ") || line.hasPrefix("❯ ") || line.hasPrefix("# ") {
            guard let found = CodePlace.first(in: line.dropFirst(2)) else { return .other }
            return isLibraryClass(line.dropFirst(3)) ? .other : .frame(found.place)
        }
        if line.hasPrefix("location: ") {
            return CodePlace.first(in: line.dropFirst(10)).map { .earlierFrame($0.place) }
        }
        guard isIndented else { return nil }
        if let found = CodePlace.parse(startOf: line), found.rest.isEmpty || found.rest.hasPrefix(" +0x") {
            return .frame(found.place)
        }
        // A frame of a stack that a TAP report quotes: `TestContext.<anonymous> (a.js:2:29)`.
        guard line.hasSuffix(")"), let open = line.lastIndex(of: "("), open > line.startIndex,
            let found = CodePlace.parse(startOf: line[open...].dropFirst()), found.rest == ")"
        else { return nil }
        return .frame(found.place)
    }

    /// `File "a.py", line 3, in load`.
    private static func pythonFrame(_ line: Substring) -> CodePlace? {
        let start = "File \""
        guard line.hasPrefix(start) else { return nil }
        let rest = line.dropFirst(start.count)
        guard let quote = rest.firstIndex(of: "\""), rest[quote...].hasPrefix("\", line ") else { return nil }
        let digits = rest[quote...].dropFirst("\", line ".count).prefix { $0.isNumber }
        return Int(digits).map { CodePlace(path: String(rest[..<quote]), line: $0) }
    }

    /// `#1 0x55d0c1 in parse src/a.c:12:5` of the sanitizers and of debuggers.
    private static func sanitizerFrame(_ line: Substring) -> CodePlace? {
        guard line.first == "#", line.dropFirst().first?.isNumber ?? false, line.firstRange(of: " in ") != nil,
            let last = line.split(separator: " ").last
        else { return nil }
        return CodePlace.parse(startOf: last)?.place
    }

    /// `on modules/a/main.tf line 12, in resource "x" "y":` of Terraform.
    private static func terraformPlace(_ line: Substring) -> CodePlace? {
        guard line.hasPrefix("on "), let mark = line.firstRange(of: " line ") else { return nil }
        let path = line[..<mark.lowerBound].dropFirst(3)
        guard path.contains("."), !path.contains(" ") else { return nil }
        return Int(line[mark.upperBound...].prefix { $0.isNumber }).map { CodePlace(path: String(path), line: $0) }
    }

    /// Whether a frame of the Java virtual machine is one of its runtime or of a test framework.
    private static func isLibraryClass(_ name: Substring) -> Bool {
        let prefixes = [
            "java.", "javax.", "jdk.", "sun.", "com.sun.", "java.base/", "app//org.junit", "org.junit.",
            "junit.framework.", "org.opentest4j.", "org.gradle.", "org.apache.maven.", "org.hamcrest.", "org.assertj.",
            "org.mockito.", "kotlin.", "scala.", "org.scalatest.",
        ]
        return prefixes.contains { name.hasPrefix($0) }
    }

    // MARK: Places

    /// A list of errors below the name of their file, as ESLint writes it.
    private static func listed(_ line: Substring) -> OutputLine? {
        let words = line.split(separator: " ", maxSplits: 2)
        if words.count == 1, line.contains("."), line.contains("/") || line.first?.isLetter ?? false,
            CodePlace.parse(startOf: "\(line):1")?.rest.isEmpty ?? false
        {
            return .file(String(line))
        }
        guard words.count == 3, words[1] == "error" else { return nil }
        let numbers = words[0].split(separator: ":").map { Int($0) }
        guard (1...2).contains(numbers.count), let number = numbers[0], numbers.last != .some(nil) else { return nil }
        return .inFile(line: number, words[2].drop { $0 == " " }.split(separator: " ").joined(separator: " "))
    }

    private static let whatWentWrong = "* What went wrong:"

    /// Whether the lines below hold the message: `thread 'main' panicked at src/a.rs:3:5:` of Rust,
    /// `ShapeTest#test_area [test/shape_test.rb:12]:` of Minitest, `* What went wrong:` of Gradle.
    package static func announcesMessage(_ line: Substring) -> Bool {
        guard line.hasSuffix(":") else { return false }
        if line.contains(" panicked at ") || line == whatWentWrong { return true }
        return announcedPlace(line.drop { $0.isWhitespace }) != nil
    }

    private static func announcedPlace(_ line: Substring) -> CodePlace? {
        guard line.hasSuffix("]:"), let open = line.ranges(of: " [").last?.upperBound,
            let found = CodePlace.parse(startOf: line[open...]), found.rest == ":"
        else { return nil }
        return found.place
    }

    /// A line that starts with a place.
    private static func placed(_ line: Substring) -> OutputLine? {
        guard let (place, rest) = CodePlace.parse(startOf: line) else { return nil }
        let text = rest.drop { $0.isWhitespace || ":-–,".contains($0) }
        if text.isEmpty { return rest.isEmpty ? .heading(place) : .other }
        // Ruby puts the method before the message: `a.rb:3:in 'load': no such key (KeyError)`.
        if text.hasPrefix("in ") {
            guard rest.hasPrefix(":in "), let end = text.firstRange(of: "': ")?.upperBound else {
                return .earlierFrame(place)
            }
            return .diagnostic(place, String(text[end...]))
        }
        let lower = text.prefix(12).lowercased()
        if ["warning", "note", "info", "remark", "hint"].contains(where: { lower.hasPrefix($0) }) { return .other }
        // Older versions of make.
        if text.hasPrefix("recipe for target ") { return .name(String(text)) }
        // pytest names the exception after the place, and the message before.
        if isExceptionName(text) { return .frame(place) }
        guard rest.first == ":" || rest.first == " " else { return nil }
        return .diagnostic(place, withoutSeverity(text))
    }

    /// A line that names a place elsewhere than at its start.
    private static func located(_ line: Substring) -> OutputLine? {
        if let end = line.firstRange(of: "panicked at ")?.upperBound {
            // Older compilers put the message before the place.
            if line[end...].hasPrefix("'"), let quote = line[end...].dropFirst().firstIndex(of: "'"),
                let found = CodePlace.first(in: line[quote...])
            {
                return .diagnostic(found.place, String(line[end...].dropFirst()[..<quote]))
            }
            return .messageFollows(CodePlace.parse(startOf: line[end...])?.place)
        }
        if let end = line.firstRange(of: "recorded an issue at ")?.upperBound,
            let found = CodePlace.parse(startOf: line[end...])
        {
            return .diagnostic(found.place, String(found.rest.drop { ": ".contains($0) }))
        }
        if let place = announcedPlace(line) { return .messageFollows(place) }
        if let place = phpPlace(line) ?? phpError(line) { return place }
        return shellPlace(line)
    }

    /// `PHP Parse error: syntax error, unexpected … in src/a.php on line 3`.
    private static func phpPlace(_ line: Substring) -> OutputLine? {
        guard let mark = line.firstRange(of: " on line "),
            let inside = line[..<mark.lowerBound].ranges(of: " in ").last,
            let number = Int(line[mark.upperBound...].prefix { $0.isNumber })
        else { return nil }
        let path = String(line[inside.upperBound..<mark.lowerBound])
        return .diagnostic(CodePlace(path: path, line: number), String(line[..<inside.lowerBound]))
    }

    /// `PHP Fatal error:  Uncaught Error: Call to … in src/a.php:3`.
    private static func phpError(_ line: Substring) -> OutputLine? {
        guard
            line.hasPrefix("PHP Fatal error:") || line.hasPrefix("Fatal error:") || line.hasPrefix("PHP Parse error:"),
            let inside = line.ranges(of: " in ").last,
            let found = CodePlace.parse(startOf: line[inside.upperBound...]), found.rest.isEmpty
        else { return nil }
        return .diagnostic(found.place, String(line[..<inside.lowerBound]))
    }

    /// `./build.sh: line 3: npm: command not found`.
    private static func shellPlace(_ line: Substring) -> OutputLine? {
        guard let mark = line.firstRange(of: ": line "), !line[..<mark.lowerBound].contains(where: \.isWhitespace)
        else { return nil }
        let digits = line[mark.upperBound...].prefix { $0.isNumber }
        let rest = line[mark.upperBound...].dropFirst(digits.count)
        guard let number = Int(digits), rest.hasPrefix(": ") else { return nil }
        let path = line[..<mark.lowerBound]
        let message = withoutProcess(rest.dropFirst(2))
        guard path.contains(where: { "./".contains($0) }) else { return .message(message) }
        return .diagnostic(
            CodePlace(path: String(path.hasPrefix("./") ? path.dropFirst(2) : path), line: number), message)
    }

    /// A shell's word on a killed process, without its number: `4711 Segmentation fault (core dumped) ./a`.
    private static func withoutProcess(_ text: Substring) -> String {
        let words = text.split(separator: " ")
        guard words.count > 1, Int(words[0]) != nil, words[1].first?.isUppercase ?? false else { return String(text) }
        return words.dropFirst().joined(separator: " ")
    }

    // MARK: Messages

    private static func unplaced(_ line: Substring, isMarked: Bool) -> OutputLine? {
        if isMarked { return exception(line) ?? .marked(String(line)) }
        if line.hasPrefix("● ") || line.hasPrefix("error: |-") || line.hasPrefix("Failure/Error: ") || isHeading(line) {
            return .messageFollows(nil)
        }
        for start in ["panic: ", "fatal error: ", "Fatal error: ", "would reformat "] where line.hasPrefix(start) {
            return .message(String(line))
        }
        if let message = sanitizerMessage(line) { return message }
        if isRule(line) { return .message(String(line)) }
        if line.hasPrefix("error") {
            guard let colon = line.firstRange(of: ": ") else { return nil }
            let code = line[..<colon.lowerBound].dropFirst(5)
            guard code.isEmpty || code.hasPrefix("[") else { return nil }
            let text = String(line[colon.upperBound...])
            return text.hasPrefix("aborting due to") || text.hasPrefix("could not compile")
                ? .name(text) : .message(text)
        }
        if let message = exception(line) { return message }
        let faults = [
            ": not found", "command not found", "No such file or directory", "Permission denied", "undefined reference",
            "ssertion failed", "Assertion `",
        ]
        if faults.contains(where: { line.contains($0) }) { return .message(String(line)) }
        let names = ["FAIL", "ERROR", "--- FAIL", "not ok ", "✖", "✗", "✘", "make: ***", "npm ERR!", "Error"]
        return names.contains { line.hasPrefix($0) } ? .name(String(line)) : nil
    }

    /// `==4711==ERROR: AddressSanitizer: heap-buffer-overflow on …`.
    private static func sanitizerMessage(_ line: Substring) -> OutputLine? {
        guard line.hasPrefix("=="), let end = line.firstRange(of: "==ERROR: ")?.upperBound else { return nil }
        return .message(String(line[end...]))
    }

    /// A linter's rule before its text, the place of which follows: `UP007 [*] Use …`.
    private static func isRule(_ line: Substring) -> Bool {
        let code = line.prefix { $0 != " " }
        let letters = code.prefix { $0.isASCII && $0.isUppercase }
        let digits = code[letters.endIndex...]
        return (1...4).contains(letters.count) && (3...4).contains(digits.count) && digits.allSatisfy(\.isNumber)
            && code.endIndex < line.endIndex
    }

    /// `There was 1 failure:` and `There were 3 errors:` of PHPUnit, `Error Message:` of .NET, and Gradle's words.
    private static func isHeading(_ line: Substring) -> Bool {
        if line == "Error Message:" || line == whatWentWrong { return true }
        guard line.hasPrefix("There was ") || line.hasPrefix("There were ") else { return false }
        return ["failure:", "failures:", "error:", "errors:"].contains { line.hasSuffix($0) }
    }

    /// `SyntaxError: text`, `AssertionError [ERR_ASSERTION]: text`, `org.opentest4j.AssertionFailedError: text`.
    private static func exception(_ line: Substring) -> OutputLine? {
        var text = line
        for start in ["Uncaught ", "Unhandled exception. "] where text.hasPrefix(start) {
            text = text.dropFirst(start.count)
        }
        if text.hasPrefix("Exception in thread "), let end = text.firstRange(of: "\" ")?.upperBound {
            text = text[end...]
        }
        let name = text.prefix { $0.isLetter || $0.isNumber || "._$\\".contains($0) }
        guard isExceptionName(name) else { return nil }
        let rest = text[name.endIndex...]
        if rest.hasPrefix(" at "), let found = CodePlace.first(in: rest.dropFirst(4)) {
            return .diagnostic(found.place, String(name))
        }
        guard rest.isEmpty || rest.hasPrefix(": ") || rest.hasPrefix(" [") || rest == ":" else { return nil }
        if rest == ":" { return .exceptionFollows(String(name)) }
        if let place = placeInside(rest.dropFirst(2)) { return .diagnostic(place, String(text)) }
        return .message(String(text))
    }

    /// The place in `src/a.js: Unexpected token (3:5)`, as Babel writes it.
    private static func placeInside(_ text: Substring) -> CodePlace? {
        guard text.hasSuffix(")"), let open = text.lastIndex(of: "("), let colon = text.firstRange(of: ": ") else {
            return nil
        }
        let path = text[..<colon.lowerBound]
        guard path.contains("."), !path.contains(" "), colon.lowerBound < open else { return nil }
        let numbers = text[open...].dropFirst().dropLast().split(separator: ":").map { Int($0) }
        guard numbers.count == 2, let line = numbers[0], numbers[1] != nil else { return nil }
        return CodePlace(path: String(path), line: line)
    }

    /// A name such as `KeyError`, `java.lang.IllegalStateException` or pytest's `Failed`.
    private static func isExceptionName(_ text: Substring) -> Bool {
        guard let first = text.first, first.isLetter else { return false }
        guard text.allSatisfy({ $0.isLetter || $0.isNumber || "._$\\".contains($0) }) else { return false }
        return ["Error", "Exception", "Failure", "Interrupt", "Iteration", "Warning", "Exit", "Failed"].contains {
            text.hasSuffix($0)
        }
    }

    private static func withoutSeverity(_ text: Substring) -> String {
        var text = text
        // .NET names the project at the end.
        if text.hasSuffix("proj]"), let open = text.ranges(of: " [").last { text = text[..<open.lowerBound] }
        for start in ["fatal error: ", "error: ", "error ", "ERROR: "] where text.hasPrefix(start) {
            return String(text.dropFirst(start.count).drop { $0.isWhitespace })
        }
        return String(text)
    }
}
