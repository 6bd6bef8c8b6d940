// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The commit that `orchestrate --version` names; `scripts/install` sets the variable.
let commit = Context.environment["ORCHESTRATE_COMMIT"].flatMap { $0.isEmpty ? nil : $0 }

let package = Package(
    name: "orchestrate",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        .executableTarget(name: "orchestrate", dependencies: ["CommandLine"], swiftSettings: strict),
        .target(
            name: "CommandLine",
            dependencies: [
                "Agent", "CProcess", "CVersion", "Coordinator", "Decomposition", "Executors", "Git", "Jobs", "MCP",
                "Model",
                "ModelAPI",
                "PlanFile",
                "ProjectScan", "Prompts",
                "Reporting", "Review", "Simulation", "Store", "Web", "Workers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .target(
            name: "Coordinator",
            dependencies: [
                "Decomposition", "DependencyGraph", "Executors", "Git", "Jobs", "Model", "Prompts", "Scheduling",
                "Store", "Verification", "Workers",
            ], swiftSettings: strict),
        .target(name: "Executors", dependencies: ["Jobs", "Model"], swiftSettings: strict),
        .target(name: "Agent", dependencies: ["Jobs", "Model", "ModelAPI"], swiftSettings: strict),
        .target(
            name: "Web",
            dependencies: [
                .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
            ], swiftSettings: strict),
        .target(name: "Workers", dependencies: ["Jobs", "Model"], swiftSettings: strict),
        .target(name: "ProjectScan", dependencies: ["Model"], swiftSettings: strict),
        .target(name: "MCP", dependencies: ["Jobs", "Model"], swiftSettings: strict),
        .target(name: "Prompts", dependencies: ["Model"], swiftSettings: strict),
        .target(
            name: "Simulation",
            dependencies: [
                "Model", "Scheduling", .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: strict),
        .target(name: "ModelAPI", dependencies: ["CCurl", "Model"], swiftSettings: strict),
        .target(name: "Reporting", dependencies: ["Model", "Review", "Store"], swiftSettings: strict),
        .target(name: "Review", dependencies: ["Model"], swiftSettings: strict),
        .target(
            name: "Verification", dependencies: ["DependencyGraph", "Git", "Jobs", "Model"], swiftSettings: strict),
        .target(
            name: "Jobs",
            dependencies: [
                "CProcess", "Model", .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ], swiftSettings: strict),
        .target(
            name: "Store", dependencies: ["Model", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .target(name: "Git", dependencies: ["CGit2", "CProcess", "Model"], swiftSettings: strict),
        .target(
            name: "Scheduling", dependencies: ["Model", .product(name: "HeapModule", package: "swift-collections")],
            swiftSettings: strict),
        .target(name: "Decomposition", dependencies: ["Model"], swiftSettings: strict),
        .target(name: "DependencyGraph", dependencies: ["Model"], swiftSettings: strict),
        .target(
            name: "PlanFile", dependencies: ["Model", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .target(name: "Model", swiftSettings: strict),
        .systemLibrary(
            name: "CGit2", path: "Sources/CGit2", pkgConfig: "libgit2",
            providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
        .systemLibrary(
            name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .target(name: "CProcess"),
        .target(
            name: "CVersion", cSettings: commit.map { [.define("ORCHESTRATE_COMMIT", to: "\"\($0)\"")] } ?? []),

        .target(
            name: "TestSupport", dependencies: ["Jobs", "Model", "Store"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .testTarget(
            name: "ArchitectureTests", dependencies: ["Model", "PlanFile", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "AgentTests", dependencies: ["Agent", "Jobs", "Model", "ModelAPI", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "CommandLine", "CProcess", "Coordinator", "Decomposition", "Git", "Jobs", "Model", "PlanFile",
                "ProjectScan", "Reporting", "Store",
                "TestSupport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .testTarget(
            name: "CoordinatorTests",
            dependencies: [
                "Coordinator", "Git", "Jobs", "Model", "Prompts", "Scheduling", "Store", "TestSupport", "Verification",
                "Workers",
            ],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "ExecutorsTests", dependencies: ["Executors", "Jobs", "Model", "TestSupport", "orchestrate"],
            swiftSettings: strict),
        .testTarget(name: "MCPTests", dependencies: ["Jobs", "MCP", "Model", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ModelAPITests", dependencies: ["Model", "ModelAPI", "TestSupport", "scripted-model"],
            swiftSettings: strict),
        .testTarget(
            name: "PromptsTests", dependencies: ["Model", "Prompts", "TestSupport"], exclude: ["Goldens"],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests", dependencies: ["Model", "Simulation"],
            swiftSettings: strict),
        .testTarget(name: "WebTests", dependencies: ["Web"], swiftSettings: strict),
        .testTarget(
            name: "WorkersTests", dependencies: ["Jobs", "Model", "TestSupport", "Workers", "scripted-model"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .executableTarget(
            name: "scripted-model",
            dependencies: [
                .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            path: "Tests/ScriptedModel", exclude: ["README.md"], swiftSettings: strict),
        .testTarget(name: "DecompositionTests", dependencies: ["Decomposition", "Model"], swiftSettings: strict),
        .testTarget(
            name: "DependencyGraphTests", dependencies: ["TestSupport", "DependencyGraph", "Model"],
            exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Coordinator", "Model", "Store", "TestSupport", "orchestrate", "scripted-model"],
            exclude: ["browse.py"], swiftSettings: strict),
        .testTarget(
            name: "Cluster", dependencies: ["TestSupport", "orchestrate"], path: "Tests/Cluster",
            swiftSettings: strict),
        .testTarget(
            name: "RealAgents", dependencies: ["Model", "Store", "TestSupport", "orchestrate", "scripted-model"],
            path: "Tests/RealAgents", exclude: ["README.md", "clients.py"], swiftSettings: strict),
        .testTarget(
            name: "RealModel", dependencies: ["Model", "Store", "TestSupport", "orchestrate"], path: "Tests/RealModel",
            exclude: ["README.md", "serve.py", "tools.jinja"], swiftSettings: strict),
        .testTarget(
            name: "FirstRun", dependencies: ["TestSupport", "orchestrate"], path: "Tests/FirstRun",
            swiftSettings: strict),
        .testTarget(name: "GitTests", dependencies: ["Git", "Model", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "JobsTests", dependencies: ["CProcess", "Jobs", "Model", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "ModelTests", dependencies: ["TestSupport", "Model"], swiftSettings: strict),
        .testTarget(
            name: "ProjectScanTests", dependencies: ["Model", "PlanFile", "ProjectScan", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "PlanFileTests", dependencies: ["Model", "PlanFile", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "SchedulingTests", dependencies: ["TestSupport", "Model", "Scheduling"], swiftSettings: strict),
        .executableTarget(
            name: "store-writer", dependencies: ["Model", "Store"], path: "Tests/StoreWriter", swiftSettings: strict),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "TestSupport",
                "Model", "Scheduling", "Store", "store-writer", .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: strict),
        .testTarget(
            name: "ReportingTests", dependencies: ["Model", "Reporting", "Review", "Store", "TestSupport"],
            exclude: ["Goldens"],
            swiftSettings: strict),
        .target(name: "EditSamples", dependencies: ["Review"], path: "Tests/EditSamples", swiftSettings: strict),
        .testTarget(
            name: "ReviewTests", dependencies: ["EditSamples", "Review"], swiftSettings: strict),
        .testTarget(
            name: "VerificationTests",
            dependencies: ["Git", "Jobs", "Model", "TestSupport", "Verification"], exclude: ["Fixtures"],
            swiftSettings: strict),

        .executableTarget(
            name: "decompose-benchmark", dependencies: ["Decomposition", "DependencyGraph", "Model"],
            path: "Benchmarks/decompose", swiftSettings: strict),
        .executableTarget(
            name: "guards-benchmark", dependencies: ["Git", "Model", "Verification"], path: "Benchmarks/guards",
            swiftSettings: strict),
        .executableTarget(
            name: "landing-benchmark", dependencies: ["Model", "Reporting", "Simulation", "Store", "Verification"],
            path: "Benchmarks/landing",
            swiftSettings: strict),
        .executableTarget(
            name: "live-benchmark", dependencies: ["Model", "Reporting", "Store"], path: "Benchmarks/live",
            swiftSettings: strict),
        .executableTarget(
            name: "merge-benchmark", dependencies: ["Git", "Model"], path: "Benchmarks/merge", swiftSettings: strict),
        .executableTarget(
            name: "review-benchmark", dependencies: ["EditSamples", "Git", "Model", "Review"],
            path: "Benchmarks/review",
            swiftSettings: strict),
        .executableTarget(
            name: "setup-benchmark", dependencies: ["Git"], path: "Benchmarks/slot-setup", swiftSettings: strict),
        .executableTarget(
            name: "simulate-benchmark", dependencies: ["Model", "Simulation"], path: "Benchmarks/simulate",
            swiftSettings: strict),
        .executableTarget(
            name: "store-benchmark", dependencies: ["Model", "Reporting", "Store"], path: "Benchmarks/store",
            swiftSettings: strict),
    ]
)

/// The only tests and benchmarks to build, such as `GitTests,JobsTests`; all of them without the variable.
if let names = Context.environment["ORCHESTRATE_ONLY_TESTS"]?.split(separator: ",").map(String.init) {
    package.targets.removeAll { target in
        let isOptional = target.type == .test || target.path?.hasPrefix("Benchmarks/") == true
        return isOptional && !names.contains(target.name)
    }
}
