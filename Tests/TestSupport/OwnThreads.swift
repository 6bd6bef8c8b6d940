import Foundation
import Jobs
public import Testing

/// Runs suites whose tests wait for other programs: as many suites at a time as there are processors, one test of each.
///
/// The tests run on threads of their own, because on the shared threads they would keep every async test from going on.
/// A suite waits for its turn before its tests start, so the time that a test reports is its own.
public struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    private static let width = max(2, ProcessInfo.processInfo.activeProcessorCount)
    private static let executor = ThreadExecutor("tests", threads: width)
    private static let turns = Turns(width)
    @TaskLocal private static var hasTurn = false

    public var isRecursive: Bool { true }

    public func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? { self }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        if testCase != nil {
            try await withTaskExecutorPreference(Self.executor) { try await function() }
        } else if Self.hasTurn {
            try await function()
        } else {
            await Self.turns.take()
            defer { Self.turns.giveBack() }
            try await Self.$hasTurn.withValue(true) {
                try await ParallelizationTrait.serialized.provideScope(for: test, testCase: nil, performing: function)
            }
        }
    }
}

extension Trait where Self == OwnThreads {
    public static var ownThreads: Self { OwnThreads() }
}
