import Model
import Testing

@testable import Coordinator

@Suite("The inbox of facts")
struct FactInboxTests {
    private struct Fault: Error {}

    private func fact(_ number: Int) -> Fact { .diskUsed(bytes: number) }

    @Test func `gives all that has arrived, in order, and once`() async throws {
        let inbox = FactInbox()
        inbox.put(fact(1))
        inbox.put([fact(2), fact(3)])
        #expect(try await inbox.takeAll() == [fact(1), fact(2), fact(3)])
        #expect(inbox.takeRest() == [])
        inbox.put(fact(4))
        #expect(inbox.takeRest() == [fact(4)])
    }

    @Test func `whoever waits is woken by the first fact`() async throws {
        let inbox = FactInbox()
        async let taken = inbox.takeAll()
        await Task.yield()
        inbox.put(fact(1))
        #expect(try await taken == [fact(1)])
    }

    @Test func `a fact that decides nothing arrives by itself after a moment`() async throws {
        let inbox = FactInbox()
        async let taken = inbox.takeAll()
        await Task.yield()
        inbox.putSoon(fact(1))
        #expect(try await taken == [fact(1)])
    }

    @Test func `a fact that decides nothing is taken together with the next one`() async throws {
        let inbox = FactInbox()
        inbox.putSoon(fact(1))
        inbox.put(fact(2))
        #expect(try await inbox.takeAll() == [fact(1), fact(2)])
    }

    @Test func `an error comes after the facts, and the first one counts`() async throws {
        let inbox = FactInbox()
        inbox.put(fact(1))
        inbox.fail(Fault())
        inbox.fail(CancellationError())
        #expect(try await inbox.takeAll() == [fact(1)])
        await #expect(throws: Fault.self) { try await inbox.takeAll() }
    }

    @Test func `an error wakes whoever waits`() async throws {
        let inbox = FactInbox()
        let waiter = Task { try await inbox.takeAll() }
        await Task.yield()
        inbox.fail(Fault())
        await #expect(throws: Fault.self) { try await waiter.value }
    }
}
