// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "orchestrate",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        .target(name: "Model", swiftSettings: strict),
        .target(
            name: "Scheduling", dependencies: ["Model", .product(name: "HeapModule", package: "swift-collections")],
            swiftSettings: strict),
        .target(name: "Decomposition", dependencies: ["Model"], swiftSettings: strict),
        .systemLibrary(
            name: "CGit2", path: "Sources/CGit2", pkgConfig: "libgit2",
            providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
        .testTarget(name: "DecompositionTests", dependencies: ["Decomposition", "Model"], swiftSettings: strict),
        .testTarget(name: "SchedulingTests", dependencies: ["Scheduling", "Model"], swiftSettings: strict),
    ]
)
