import Foundation
import Model
import ProjectScan
import Reporting

/// What `init` found and wrote, as JSON.
struct InitReport: Encodable {
    struct Check: Encodable {
        var name: String
        var run: String
        var purpose: String
        var trial: CheckTrial?
        var used: Bool
    }

    static let version = 1
    let version = InitReport.version
    var repository: ProjectProfile
    /// Absolute path of the plan; nil if none was written.
    var plan: String?
    var checks: [Check]
    var workers: [String]

    init(profile: ProjectProfile, plan: String? = nil, _ proposal: PlanProposal? = nil) {
        repository = profile
        self.plan = plan
        workers = proposal?.ladder.map(\.use) ?? []
        checks = (proposal?.checks ?? []).map { tried in
            Check(
                name: tried.name, run: tried.check.run, purpose: tried.check.purpose.rawValue, trial: tried.trial,
                used: tried.trial?.isUsable ?? true)
        }
    }

    var json: String {
        get throws {
            return try DocumentJSON.text(self)
        }
    }
}

/// A profile for people, one line for each part.
struct ProfileText {
    let profile: ProjectProfile
    /// Languages that are listed.
    private static let mostLanguages = 4

    var text: String {
        var lines = [line("size", "\(Count.text(profile.files, "file")), \(Self.size(profile.bytes))")]
        let languages = profile.languages.prefix(Self.mostLanguages).map { "\($0.name) \($0.share) %" }
        if !languages.isEmpty { lines.append(line("languages", languages.joined(separator: ", "))) }
        for toolchain in profile.toolchains {
            let place = toolchain.folder.isEmpty ? "" : " in \(toolchain.folder)"
            let files = toolchain.files.isEmpty ? "" : " (\(Self.short(toolchain.files)))"
            lines.append(line("build", "\(toolchain.tool)\(place)\(files)"))
            if !toolchain.installed.isEmpty { lines.append(line("installed", Self.short(toolchain.installed))) }
        }
        if !profile.submodules.isEmpty { lines.append(line("submodules", Self.short(profile.submodules))) }
        if !profile.copies.isEmpty { lines.append(line("ignored", Self.short(profile.copies))) }
        let guides = profile.guidance + (profile.owners.map { [$0] } ?? [])
        if !guides.isEmpty { lines.append(line("read", Self.short(guides))) }
        if let scope = profile.scope {
            let less = scope.exclude.isEmpty ? "" : " without \(Self.short(scope.exclude))"
            lines.append(
                line("scope", "\(Count.text(scope.files, "file")): \(scope.include.joined(separator: ", "))\(less)"))
        }
        return lines.joined(separator: "\n")
    }

    private func line(_ name: String, _ value: String) -> String {
        name.padding(toLength: 12, withPad: " ", startingAt: 0) + value
    }

    private static func short(_ texts: [String]) -> String {
        let shown = texts.prefix(4).joined(separator: ", ")
        return texts.count > 4 ? "\(shown) and \(texts.count - 4) more" : shown
    }

    private static func size(_ bytes: Int) -> String {
        ByteCountFormatter.string(fromByteCount: Int64(bytes), countStyle: .file)
    }
}
