/// Finds include directories in Makefiles, CMake and Meson files and compilation databases, by their common shapes:
/// `-Idir`, `-isystem dir` and the words after `include_directories(`.
struct CBuildFileScanner {
    let bytes: Source.Bytes

    func run(into facts: inout FactWriter) {
        var line: UInt32 = 1
        var counted = 0
        var offset = 0
        while let place = bytes.offset(of: "-I", from: offset) {
            offset = place + 2
            guard place == 0 || isSeparator(bytes[place - 1]) else { continue }
            line += UInt32(clamping: Source.Bytes(rebasing: bytes[counted..<place]).newlines)
            counted = place
            directory(at: skipBlanks(offset), line, into: &facts)
        }
        macros(into: &facts)
        for flag in ["-isystem", "-iquote"] as [StaticString] {
            offset = 0
            while let place = bytes.offset(of: flag, from: offset) {
                offset = place + flag.utf8CodeUnitCount
                directory(at: skipBlanks(offset), 1, into: &facts)
            }
        }
        offset = 0
        while let place = bytes.offset(of: "include_directories", from: offset) {
            offset = place + 19
            offset = arguments(skipBlanks(offset), into: &facts)
        }
    }

    /// `-DNAME=\"x.h\"`: a header that sources include by a macro.
    private func macros(into facts: inout FactWriter) {
        var offset = 0
        while let place = bytes.offset(of: "-D", from: offset) {
            offset = place + 2
            // Names of headers are shorter.
            let option = Source.Bytes(
                rebasing: Source.Bytes(rebasing: bytes[offset..<min(bytes.count, offset + 256)]).prefix { $0 > 0x20 })
            guard let equals = option.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { continue }
            let value = option[(equals + 1)...].drop { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "'") }
            guard let open = value.first, open == UInt8(ascii: "\"") || open == UInt8(ascii: "<") else { continue }
            let path = value.dropFirst().prefix {
                $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "\\")
            }
            guard path.contains(UInt8(ascii: ".")) else { continue }
            facts.add(
                kind: C.Kind.macroOption.rawValue, text: Source.Bytes(rebasing: option[..<equals]), line: 1,
                value: facts.place(of: Source.Bytes(rebasing: path)), flags: open == UInt8(ascii: "<") ? C.isAngled : 0)
        }
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "=")
            || byte == UInt8(ascii: ",")
    }

    private func skipBlanks(_ start: Int) -> Int {
        var offset = start
        // In a compilation database the directory may be the next string of a list.
        while offset < bytes.count,
            bytes[offset] == UInt8(ascii: " ") || bytes[offset] == UInt8(ascii: "\t")
                || bytes[offset] == UInt8(ascii: "\"")
                || bytes[offset] == UInt8(ascii: ",") || bytes[offset] == UInt8(ascii: "'")
        {
            offset += 1
        }
        return offset
    }

    /// Reads the words of a call up to its bracket, and returns the place after them.
    private func arguments(_ open: Int, into facts: inout FactWriter) -> Int {
        guard open < bytes.count, bytes[open] == UInt8(ascii: "(") else { return open }
        var offset = open + 1
        // Real lists of directories are shorter.
        let limit = min(bytes.count, open + 4096)
        while offset < limit, bytes[offset] != UInt8(ascii: ")") {
            if isSeparator(bytes[offset]) {
                offset += 1
            } else if bytes[offset] == UInt8(ascii: "#") {
                while offset < limit, bytes[offset] != 0x0A { offset += 1 }
            } else {
                offset = directory(at: offset, 1, into: &facts)
            }
        }
        return offset
    }

    /// Reads one directory and returns the place after it.
    @discardableResult
    private func directory(at start: Int, _ line: UInt32, into facts: inout FactWriter) -> Int {
        var end = start
        let limit = min(bytes.count, start + 4096)
        var nesting = 0
        while end < limit {
            let byte = bytes[end]
            if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "{") {
                nesting += 1
            } else if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "}") {
                guard nesting > 0 else { break }
                nesting -= 1
            } else if byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
                || byte == UInt8(ascii: ",")
                || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: ">")
            {
                break
            }
            end += 1
        }
        guard end > start else { return max(end, start + 1) }
        var path = Source.Bytes(rebasing: bytes[start..<end])
        var flags: UInt8 = 0
        // The value of a leading variable is found by trying: `$(top_srcdir)/include`, `${CMAKE_SOURCE_DIR}/src`,
        // `$<BUILD_INTERFACE:${X}/include`, `/abs/of/another/machine/include`.
        if let last = path.lastIndex(where: {
            $0 == UInt8(ascii: ")") || $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: ":")
        }) {
            flags = C.hasVariable
            path = Source.Bytes(rebasing: path[(last + 1)...])
        }
        while let first = path.first, first == UInt8(ascii: "/") {
            flags = C.hasVariable
            path = Source.Bytes(rebasing: path.dropFirst())
        }
        if !path.contains(where: { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "*") }) {
            facts.add(kind: C.Kind.directory.rawValue, text: path, line: line, flags: flags)
        }
        return max(end, start + 1)
    }
}
