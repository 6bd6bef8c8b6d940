import Foundation
import Model

extension PlanResolver {
    /// Puts the plan's folder in place of `{plan_dir}`, and lets the sandbox show the folders that commands name.
    ///
    /// - Returns: false if the folder must not be shown. That has been reported.
    func fillFolders(in plan: inout Plan, at place: Place) -> Bool {
        let folder = URL(fileURLWithPath: planPath).standardizedFileURL.deletingLastPathComponent().path
        let written = plan
        plan.changeCommands { $0.filling(.planFolder, with: folder) }
        var folders = plan != written ? [folder] : []
        if plan != written {
            let repository = plan.repository
            if folder == repository || repository.hasPrefix(folder.hasSuffix("/") ? folder : "\(folder)/") {
                findings.error(
                    "{plan_dir} is \(folder), which holds the repository: workers and checks would see your checkout",
                    at: place, hint: "move the plan and its files into a folder of their own, such as .orchestrate")
                return false
            }
            if folder.contains(where: { "{}\n".contains($0) }) {
                findings.error(
                    "{plan_dir} cannot be used in the folder \(folder)", at: place,
                    hint: "choose a name without braces and line breaks")
                return false
            }
        }
        folders += plan.allWorkers.compactMap(\.folder).filter { !folders.contains($0) }
        if !folders.isEmpty { plan.sandbox.folders = Set(folders).sorted() }
        return true
    }
}
