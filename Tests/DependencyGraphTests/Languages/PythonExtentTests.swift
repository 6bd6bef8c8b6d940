import TestSupport
import Testing

@testable import DependencyGraph

@Suite("Of a Python file only what comes up to its last import is read")
struct PythonExtentTests {
    /// The facts as text: of the whole file, or as the language reads it.
    private func facts(_ bytes: [UInt8], whole: Bool) -> [String] {
        let scratch = TokenBuffer()
        var writer = FactWriter()
        return bytes.withUnsafeBufferPointer { bytes in
            let source = Source(bytes, role: 0, scratch: scratch)
            if whole {
                var scanner = PythonScanner(tokens: source.tokens(Python.table))
                scanner.run(into: &writer)
            } else {
                Python().scan(source, into: &writer)
            }
            let arena = Arena()
            guard let facts = FileFacts(checking: writer.encode(FileSummary(), into: arena)) else { return ["?"] }
            return withExtendedLifetime((arena, scratch)) {
                (0..<facts.count).map {
                    "\(facts[$0].kind) \(facts[$0].line) \(facts[$0].flags) \(facts.string(facts[$0]))"
                }
            }
        }
    }

    @Test(arguments: [
        "from a import (b,\n c)\n", "from a import (b, # )\n c)\n", "from a import (b, # import\n c,\n d)\nx = 1\n",
        "from a \\\n import b, \\\n c\nx\n", "import a; import \\\r\n b\nx", "x = import_module(\n 'a.b')\ny",
        "import a", "import", "import (", "if TYPE_CHECKING:\n  import a\nimport b\n", "import a\nprint 'x'\n",
        "import a\n  print x\n", "'''import a'''\nimport b # import c\nimportant = 1\n", "from a import (b\n",
        "__import__('a')\nx", "import a\n#\(String(repeating: "x", count: 100))\n",
    ])
    func `a statement continues after the word import`(_ text: String) {
        #expect(facts(Array(text.utf8), whole: false) == facts(Array(text.utf8), whole: true))
    }

    @Test func `the rest of a file after its last import adds no facts`() {
        let pieces = [
            "import ", "from ", "a", ".", "..", " ", "(", ")", ",", "\n", "\n    ", "\\\n", "#", "'", "\"\"\"", "as ",
            "print ",
            "import_module(", "'a.b'", "if TYPE_CHECKING:", "x = 1", ";", ":", "except A, e:", "\r\n", "*",
        ]
        var random = SeededGenerator(seed: 3)
        for _ in 0..<5000 {
            let count = Int.random(in: 0...30, using: &random)
            let text = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
            let part = facts(Array(text.utf8), whole: false)
            // Statements of Python 2 may be anywhere in a file: a file with a possible one is read as a whole.
            let whole = facts(Array(text.utf8), whole: true)
            let imports = { (facts: [String]) in facts.filter { !$0.hasPrefix("\(Python.Kind.python2.rawValue) ") } }
            guard imports(part) != imports(whole) else { continue }
            Issue.record("\(text.debugDescription): \(part), but \(whole)")
            return
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 63])
    func `a word is found at every place`(_ place: Int) {
        for length in [place + 6, place + 7, place + 14, place + 30] {
            var bytes = [UInt8](repeating: UInt8(ascii: "i"), count: length)
            bytes.replaceSubrange(place..<place + 6, with: Array("import".utf8))
            bytes.withUnsafeBufferPointer { bytes in
                #expect(bytes.offset(of: "import") == place)
                #expect(bytes.lastOffset(of: "import") == place)
                #expect(bytes.offset(of: "import", from: place + 1) == nil)
                #expect(bytes.offset(of: "important") == nil)
            }
        }
        let none: [UInt8] = []
        none.withUnsafeBufferPointer { #expect($0.lastOffset(of: "ab") == nil && $0.offset(of: "ab") == nil) }
    }
}
