import Foundation
import TestSupport
import Testing

@Suite struct PromptTemplateTests {
    private func shop(template: String) throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit(["a.py": "old\n"])
        let folder = try shop.directory.makeDirectory("workers/talker")
        try """
        version: 1
        name: talker
        prompt: file
        run: "cat {prompt} >>$TRACE; sed -i s/old/new/ {files}"
        environment: [TRACE]
        """.write(toFile: "\(folder)/worker.yaml", atomically: true, encoding: .utf8)
        try template.write(toFile: "\(folder)/prompt.md", atomically: true, encoding: .utf8)
        try shop.plan("scope: {include: [\"*.py\"]}\nworkers:\n  environment: [TRACE]\n  ladder: [{use: talker}]")
        return shop
    }

    @Test func `a workers template is followed`() throws {
        let shop = try shop(template: "Hello, you.\n{{goal}}\n")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(shop.traceLines() == ["Hello, you.", "## Goal", "Say new instead of old."])
    }

    @Test func `a template that is wrong is refused before the run`() throws {
        let shop = try shop(template: "x\n{{gaol}}\n")
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath, "--quiet")
        #expect(result.status == 2)
        #expect(result.errorText.contains("prompt.md of worker 'talker', line 2: 'gaol' is not a part of a prompt"))
    }
}
