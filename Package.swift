// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: warnings are errors, an import is visible only in the file that names it, and a
/// nonisolated `async` function runs where its caller runs (the loop of a client, never the global pool).
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The rooms on the path of a request, in release builds: no check of exclusive access at run time (each client's state is
/// reached by one thread, which the compiler has proved), and bodies that other modules can specialise.
let hot: [SwiftSetting] =
    strict + [
        .unsafeFlags(["-enforce-exclusivity=unchecked", "-cross-module-optimization"], .when(configuration: .release))
    ]

let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]

/// One room of the house: what it is called and which rooms it may enter. `Docs/architecture.md` says why.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], onPath: Bool = false) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: onPath ? hot : strict)
}

/// What several test targets share: a client of raw sockets, certificates, a lab for the length of a test.
let testSupport = Target.target(
    name: "TestSupport", dependencies: ["Core", "Model", "Lab"], path: "Tests/TestSupport", swiftSettings: strict)

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "gale",
    products: [
        .executable(name: "gale", targets: ["gale"]), .executable(name: "policy-bench", targets: ["policy-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        room("Core", onPath: true),
        room("Arrivals", ["Core"], onPath: true),
        room("Flows", ["Core"], onPath: true),
        room("Policies", ["Core"], onPath: true),
        room("Model", ["Core", "Policies", "CZlib", deque], onPath: true),
        room(
            "Plans",
            ["Core", "Arrivals", "Flows", "Policies", "Model", "Recording", .product(name: "Yams", package: "Yams")]),
        room("Loops", ["Core", "CLinux", heap, deque], onPath: true),
        room("Transport", ["Core", "Loops", "CCurl", "CZlib"], onPath: true),
        room("Recording", ["Core", "CZlib"], onPath: true),
        room("Engine", ["Core", "Arrivals", "Flows", "Policies", "Plans", "Loops", "Recording"], onPath: true),
        room("Simulation", ["Core", "Model", "Loops"], onPath: true),
        room("Lab", ["Core", "Model"] + nio),
        room("Importers", ["Core", "Plans"]),
        room("Analysis", ["Core", "Recording"]),
        room("Reports", ["Core", "Recording", "Analysis"]),
        room(
            "Commands",
            [
                "Core", "Arrivals", "Flows", "Policies", "Model", "Plans", "Importers", "Loops", "Transport",
                "Recording", "Engine",
                "Lab", "Simulation", "Analysis", "Reports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "gale", dependencies: ["Commands"], swiftSettings: strict),

        // What decisions cost; for `make bench`.
        .target(name: "CAllocations"),
        .executableTarget(
            name: "policy-bench", dependencies: ["Policies", "Core", "CLinux", "CAllocations"],
            path: "Sources/PolicyBench", swiftSettings: hot),

        testSupport,
        tests("CoreTests", ["Core"]),
        tests("ArrivalsTests", ["Arrivals", "Core"]),
        tests("FlowsTests", ["Flows", "Core"]),
        tests("PoliciesTests", ["Policies", "Core"]),
        tests(
            "PlansTests", ["Plans", "Arrivals", "Flows", "Policies", "Core", "Model", "Recording"],
            resources: [.copy("Inputs")]),
        tests("ModelTests", ["Model", "Core"]),
        tests("LabTests", ["Lab", "Model", "Core", "CZlib", "TestSupport"]),
        tests("SimulationTests", ["Simulation", "Model", "Loops", "Core"]),
        tests("RecordingTests", ["Recording", "Core"]),
        tests(
            "ReportsTests", ["Reports", "Analysis", "Recording", "Core"],
            resources: [.copy("Goldens"), .copy("Inputs")]),
        tests(
            "ImportersTests", ["Importers", "Plans", "Arrivals", "Flows", "Core"],
            resources: [.copy("Inputs"), .copy("Goldens")]),
        tests("EngineTests", ["Engine", "Arrivals", "Flows", "Policies", "Plans", "Loops", "Recording", "Core"]),
        tests(
            "WholeRunTests",
            [
                "Engine", "Simulation", "Model", "Plans", "Policies", "Arrivals", "Flows", "Loops", "Recording", "Core",
            ], resources: [.copy("Inputs")]),
        tests("TransportTests", ["Transport", "Loops", "Lab", "Model", "Core", "TestSupport"]),
        tests(
            "CommandsTests",
            ["gale", "Lab", "Model", "Core", "TestSupport", .product(name: "Yams", package: "Yams")]),
    ]
)
