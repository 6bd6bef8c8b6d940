import Foundation
import Model

extension Repository {
    static var secondsNow: Int64 { Int64(Date().timeIntervalSince1970) }

    /// Stores a commit that git signs, with the user's `gpg.format`, `user.signingKey` and programs.
    ///
    /// - Throws: `command` with the output of the signing program if it does not sign.
    func signedCommit(
        tree: ObjectID, parents: [ObjectID], message: String, author: Signature, committer: Signature
    ) throws(GitError) -> ObjectID {
        var arguments = ["commit-tree", "-S", "-F", "-"]
        for parent in parents { arguments += ["-p", parent.hex] }
        let text = message.filter { $0 != "\0" }
        let command = GitCommand(
            arguments: arguments + [tree.hex], configuration: [("i18n.commitEncoding", "UTF-8")],
            gitDirectory: gitDirectory, input: Array((text.hasSuffix("\n") ? text : text + "\n").utf8),
            environment: environment,
            identity: Self.variables(author, "AUTHOR").merging(Self.variables(committer, "COMMITTER")) { $1 })
        let output = String(decoding: try command.run().output, as: UTF8.self)
        guard let commit = ObjectID(hex: output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw .command("git commit-tree", status: 0, output: output)
        }
        return commit
    }

    private static func variables(_ signature: Signature, _ role: String) -> [String: String] {
        let minutes = abs(signature.offsetMinutes)
        let sign = signature.offsetMinutes < 0 ? "-" : "+"
        let zone = sign + String(format: "%02d%02d", minutes / 60, minutes % 60)
        return [
            "GIT_\(role)_NAME": signature.name, "GIT_\(role)_EMAIL": signature.email,
            "GIT_\(role)_DATE": "@\(signature.seconds) \(zone)",
        ]
    }
}
