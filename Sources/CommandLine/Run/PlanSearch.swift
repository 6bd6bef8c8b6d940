import Foundation

/// The search for plans in the folder `.orchestrate`, from any folder of a repository.
///
/// Plans are in `.orchestrate/` of the repository, or beside the repository in `.orchestrate/<name of the repository>/`.
/// Workers of one's own are in the folder `workers` beside the plans.
struct PlanSearch {
    static let folder = ".orchestrate"
    /// Absolute path of the folder that the search starts in.
    private let start: String

    /// - Parameter repository: a path that the person named; nil for the current folder.
    init(repository: String? = nil) {
        let current = FileManager.default.currentDirectoryPath
        start =
            URL(fileURLWithPath: repository ?? current, relativeTo: URL(fileURLWithPath: current))
            .standardizedFileURL.path
    }

    /// The folders that may hold plans, nearest first, whether or not they exist.
    var folders: [String] {
        var found: [String] = []
        var path = start
        while true {
            found.append("\(path)/\(Self.folder)")
            let parent = (path as NSString).deletingLastPathComponent
            if FileManager.default.fileExists(atPath: "\(path)/.git") {
                return found + [Self.besides(path)]
            }
            // Outside of a repository, only the folder itself is looked at.
            if parent == path || path == "/" { return Array(found.prefix(1)) }
            path = parent
        }
    }

    /// Returns the folder for plans that are kept beside a repository.
    static func besides(_ repository: String) -> String {
        let name = (repository as NSString).lastPathComponent
        return "\((repository as NSString).deletingLastPathComponent)/\(folder)/\(name)"
    }

    /// The plans of the nearest folder that has any, as absolute paths.
    var plans: [String] {
        for folder in folders {
            let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
            let plans = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
            if !plans.isEmpty { return plans.map { "\(folder)/\($0)" } }
        }
        return []
    }

    /// Returns the plan to use where a person names none.
    /// - Throws: an `Outcome` unless there is exactly one.
    func only() throws(Outcome) -> String {
        let plans = plans
        if let only = plans.first, plans.count == 1 { return Self.shown(only) }
        guard !plans.isEmpty else {
            throw Outcome(
                code: .usage,
                message: "error: no plan is named, and no '\(Self.folder)' folder with a plan was found\n"
                    + "  hint: write one with 'orchestrate init', or name one with --plan FILE")
        }
        let names = plans.map { Self.shown($0) }
        throw Outcome(
            code: .usage,
            message: "error: there are \(plans.count) plans: \(names.joined(separator: ", "))\n"
                + "  hint: name one, such as --plan \(names[0])")
    }

    /// A plan's path whose folder decides which workers are found; the file need not exist.
    var anchor: String {
        let folder = folders.first { FileManager.default.fileExists(atPath: $0) }
        return plans.first ?? folder.map { "\($0)/plan.yaml" } ?? "plan.yaml"
    }

    /// Returns a path relative to the current folder if it is below that, else as it is.
    static func shown(_ path: String) -> String {
        let current = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(current) ? String(path.dropFirst(current.count)) : path
    }
}
