import Git
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

@Suite("News of a landing")
struct LandingNewsTests {
    private static let files = [
        "shop/price.py": "def total(items):\n    return sum(items)\n\n\ndef _hidden():\n    pass\n",
        "shop/cart.py": "from shop.price import total\n\nprint(total([]))\n",
        "tools/report.py": "from shop.price import total\n\nprint(total([1]))\n",
    ]

    private func fixture(share: ContextRules.Share, derive: DeriveRules? = nil) throws -> RunFixture {
        try RunFixture(
            files: Self.files, tasks: [("shop/price.py", []), ("shop/cart.py", ["shop/price.py"])]
        ) { plan in
            plan.context.share = share
            plan.derive = derive
        }
    }

    /// What follows from landing `shop/price.py` with this text.
    private func facts(_ text: String, in fixture: RunFixture) throws -> [Fact] {
        let commit = try fixture.commit(["shop/price.py": text], on: fixture.base)
        let landed = Fact.landed(
            .init(candidate: 1, commits: [.init(task: TaskID("shop/price.py"), commit: commit)]))
        let facts = LandingNews(git: fixture.git, register: fixture.context.register, router: fixture.context.router)
            .facts(with: landed)
        #expect(facts.last == landed)
        return Array(facts.dropLast())
    }

    private static let renamed = "def sum_of(items):\n    return sum(items)\n"

    @Test func `dependents hear of an interface that changed`() throws {
        let facts = try facts(Self.renamed, in: fixture(share: .messages))
        guard case .message(let posted)? = facts.first, facts.count == 1 else { Issue.record("\(facts)"); return }
        #expect(posted.message.kind == .interfaceChange)
        #expect(posted.message.audience == .dependentsOf(TaskID("shop/price.py")))
        #expect(posted.message.sender == .coordinator)
        #expect(posted.message.files == ["shop/price.py"])
        #expect(posted.message.body.contains("total") && posted.message.body.contains("sum_of"))
    }

    @Test func `a change inside of a body is no news`() throws {
        let text = "def total(items):\n    return 0 + sum(items)\n"
        #expect(try facts(text, in: fixture(share: .messages)) == [])
    }

    @Test func `nothing is said where messages are not shared, or nobody depends on it`() throws {
        #expect(try facts(Self.renamed, in: fixture(share: .none)) == [])
        let alone = try RunFixture(files: Self.files, tasks: [("shop/price.py", [])]) { $0.context.share = .messages }
        #expect(try facts(Self.renamed, in: alone) == [])
    }

    @Test func `files of no task that use a lost name become tasks`() throws {
        let facts = try facts(Self.renamed, in: fixture(share: .none, derive: DeriveRules()))
        guard case .tasksAdded(let added)? = facts.first, facts.count == 1 else { Issue.record("\(facts)"); return }
        #expect(added.cause == TaskID("shop/price.py"))
        #expect(added.tasks.map(\.files) == [["tools/report.py"]])
        let task = try #require(added.tasks.first)
        #expect(task.id == TaskID("derived-tools-report.py"))
        #expect(task.dependencies == [TaskID("shop/price.py")])
        #expect(task.derivedFrom == TaskID("shop/price.py"))
        #expect(task.instructions.contains("total"))
    }

    @Test func `a name is found as a word of its own alone`() throws {
        var files = Self.files
        files["tools/report.py"] = "import shop.price\n\nsubtotal = totals = 1\n"
        files["shop/cart.py"] = nil
        let fixture = try RunFixture(files: files, tasks: [("shop/price.py", [])]) { $0.derive = DeriveRules() }
        #expect(try facts(Self.renamed, in: fixture) == [])
    }

    @Test func `no more tasks are derived than the plan allows`() throws {
        #expect(try facts(Self.renamed, in: fixture(share: .none, derive: DeriveRules(maxTasks: 0))) == [])
    }

    @Test func `tasks that were derived before count`() throws {
        let fixture = try fixture(share: .none, derive: DeriveRules(maxTasks: 1))
        var earlier = MigrationTask(id: TaskID("derived-x"), title: "x", files: ["x"])
        earlier.derivedFrom = TaskID("shop/price.py")
        fixture.context.register.remember(
            .tasksAdded(.init(tasks: [earlier], cause: TaskID("shop/price.py"), reason: "")))
        #expect(try facts(Self.renamed, in: fixture) == [])
    }

    @Test func `other facts come back alone`() throws {
        let fixture = try fixture(share: .messages)
        let fact = Fact.diskUsed(bytes: 1)
        let news = LandingNews(git: fixture.git, register: fixture.context.register, router: fixture.context.router)
        #expect(news.facts(with: fact) == [fact])
    }
}
