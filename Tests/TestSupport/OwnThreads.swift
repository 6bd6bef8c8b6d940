import Foundation
import Jobs
public import Testing

/// Runs tests that wait for other programs on threads of their own, so many at a time as there are processors.
///
/// On the shared threads they would keep every async test from going on.
public struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    private static let executor = ThreadExecutor("tests", threads: ProcessInfo.processInfo.activeProcessorCount)

    public var isRecursive: Bool { true }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(Self.executor) { try await function() }
    }
}

extension Trait where Self == OwnThreads {
    public static var ownThreads: Self { OwnThreads() }
}
