import Foundation
package import Model

extension SplitProposal {
    package struct Malformed: Error, Equatable {
        package var reason: String

        package init(reason: String) { self.reason = reason }
    }

    /// Parses a proposal of an outbox, and cuts texts that exceed the limits.
    ///
    /// A path that leads out of the checkout is kept as it is written: it is no file of the task, and the answer says so.
    ///
    /// - Parameter redaction: the values that must not leave the job.
    package static func parse(_ bytes: [UInt8], _ redaction: Redaction = .none) -> Result<SplitProposal, Malformed> {
        guard bytes.count <= largest else {
            return .failure(Malformed(reason: "it is larger than \(largest) bytes"))
        }
        var proposal: SplitProposal
        do {
            proposal = try JSONDecoder().decode(SplitProposal.self, from: Data(bytes))
        } catch {
            return .failure(Malformed(reason: problem(of: error)))
        }
        proposal.collate = text(proposal.collate, redaction)
        for index in proposal.parts.indices {
            proposal.parts[index].instructions = text(proposal.parts[index].instructions, redaction)
            proposal.parts[index].name = proposal.parts[index].name.map { line($0, redaction) }
            proposal.parts[index].after = proposal.parts[index].after.map { line($0, redaction) }
            proposal.parts[index].files = proposal.parts[index].files.map { path in
                OutgoingMail.plainPath(path) ?? line(path, redaction)
            }
        }
        return .success(proposal)
    }

    private static func text(_ text: String, _ redaction: Redaction) -> String {
        let clean = OutsideText.lines(redaction.text(text))
        return clean.utf8.count > longestText ? OutgoingMail.cut(clean, to: longestText) + "\n[cut]" : clean
    }

    private static func line(_ text: String, _ redaction: Redaction) -> String {
        OutgoingMail.cut(OutsideText.line(redaction.text(text)), to: 200)
    }
}
