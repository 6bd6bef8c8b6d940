/// Names that gems and frameworks define. A file that reopens one of them does not define it.
struct RubyForeignNames: Sendable {
    /// The gems that Gemfiles and gemspecs name, in lower case without separators, and their first parts.
    private var gems: Set<String> = []

    /// The modules of Rails, whose gem has another name, and of tools that come with Ruby.
    private static let frameworks: Set<String> = [
        "abstractcontroller", "actioncable", "actioncontroller", "actiondispatch", "actionmailbox", "actionmailer",
        "actiontext", "actionview", "activejob", "activemodel", "activerecord", "activestorage", "activesupport",
        "arel", "i18n", "mail", "mime", "minitest", "mysql2", "nokogiri", "pg", "puma", "rack", "rails", "rake",
        "rspec", "sequel", "sidekiq", "sinatra", "sprockets", "thor", "zeitwerk",
    ]

    mutating func add(gem: String) {
        gems.insert(Self.plain(gem))
        if let first = gem.split(separator: "-").first { gems.insert(Self.plain(String(first))) }
    }

    private static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "_" && $0 != "-" } }

    /// Whether a constant at the top belongs to a gem.
    func contains(_ root: String) -> Bool {
        let name = Self.plain(root)
        return gems.contains(name) || Self.frameworks.contains(name)
    }
}

/// Names that Ruby defines. A file that reopens one of them does not define it.
enum RubyCoreNames {
    static let names: Set<String> = [
        "Array", "BasicObject", "Binding", "Class", "Comparable", "Complex", "Date", "DateTime", "Dir", "Encoding",
        "ENV",
        "Enumerable", "Enumerator", "ERB", "Errno", "Exception", "FalseClass", "Fiber", "File", "FileUtils", "Float",
        "GC",
        "Hash", "IO", "Integer", "JSON", "Kernel", "Logger", "Marshal", "MatchData", "Math", "Method", "Module",
        "Mutex",
        "NilClass", "Numeric", "Object", "ObjectSpace", "OpenStruct", "Pathname", "Proc", "Process", "Queue", "Ractor",
        "Random", "Range", "Rational", "Regexp", "RuntimeError", "ArgumentError", "StandardError", "TypeError",
        "NameError", "NoMethodError", "KeyError", "IndexError", "IOError", "LoadError", "NotImplementedError",
        "ScriptError", "SecurityError", "SystemExit", "RangeError", "ZeroDivisionError", "StopIteration", "Set",
        "Signal",
        "StringIO", "String", "Struct", "Symbol", "Tempfile", "Thread", "Time", "TracePoint", "TrueClass",
        "UnboundMethod", "URI", "YAML", "CSV", "OpenSSL", "Socket", "Net", "Timeout", "SecureRandom", "Digest",
        "Base64",
        "Benchmark", "Bundler", "Gem", "Rake", "Monitor", "Singleton", "Forwardable", "Delegator", "SimpleDelegator",
    ]
}
