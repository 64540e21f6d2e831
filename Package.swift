// swift-tools-version: 6.1
// One package, one direction: a target imports only targets above it in this list (a test holds it so).
import PackageDescription

let strict: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

let package = Package(
    name: "windtunnel",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "windtunnel", targets: ["windtunnel"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .target(name: "CExecutorHook"),
        .target(name: "CSpawn"),
        .target(name: "ProcessSpawn", dependencies: ["CSpawn"], swiftSettings: strict),
        .target(
            name: "Simulation",
            dependencies: [.product(name: "HashTreeCollections", package: "swift-collections")], swiftSettings: strict),
        .target(name: "JobHistory", dependencies: ["Simulation", grdb], swiftSettings: strict),
        .target(
            name: "JobExecution", dependencies: ["ProcessSpawn"], exclude: ["Warm/zygote.py", "Warm/embed.py"], swiftSettings: strict),
        .target(
            name: "PlatformEngine", dependencies: ["Simulation", "JobHistory", "JobExecution", "ProcessSpawn"],
            exclude: ["Endpoints/Python", "Billing/embed.py", "Billing/instances.csv"], swiftSettings: strict),
        .target(
            name: "PlatformServer",
            dependencies: [
                "PlatformEngine", "JobHistory", "Simulation", hummingbird, hummingbirdCore, .product(name: "Logging", package: "swift-log"),
                nioCore, nioPosix, .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ],
            swiftSettings: strict),
        .target(name: "NativeClient", dependencies: [nioCore, nioPosix, nioHTTP1], swiftSettings: strict),
        .target(name: "Recording", swiftSettings: strict),
        .target(
            name: "ConnectorHost", dependencies: ["ProcessSpawn", "Recording"], exclude: ["Guest"], swiftSettings: strict),
        .target(name: "Conformance", dependencies: ["Recording"], swiftSettings: strict),
        .target(name: "Reporting", dependencies: ["Conformance"], swiftSettings: strict),
        .target(
            name: "Harness",
            dependencies: [
                "PlatformEngine", "PlatformServer", "NativeClient", "ConnectorHost", "Conformance", "Reporting", "ProcessSpawn",
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["Demo/embed.py"], swiftSettings: strict),
        .executableTarget(
            name: "windtunnel",
            dependencies: [
                "Harness", "JobExecution", "CExecutorHook", nioCore, nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(name: "windtunnel-bench", swiftSettings: strict),

        .target(name: "TestedProgram", path: "Tests/TestedProgram", swiftSettings: strict),
        .testTarget(name: "ProcessSpawnTests", dependencies: ["ProcessSpawn"], swiftSettings: strict),
        .testTarget(
            name: "JobExecutionTests", dependencies: ["JobExecution", "ProcessSpawn", "TestedProgram", "windtunnel"], swiftSettings: strict),
        .testTarget(
            name: "ConnectorHostTests", dependencies: ["ConnectorHost", "Recording", "ProcessSpawn"], swiftSettings: strict),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"], swiftSettings: strict),
        .testTarget(
            name: "PlatformEngineTests",
            dependencies: ["PlatformEngine", "JobExecution", "JobHistory", "ProcessSpawn", "Simulation", "TestedProgram", "windtunnel"],
            swiftSettings: strict),
        .testTarget(
            name: "PlatformServerTests",
            dependencies: ["PlatformServer", "PlatformEngine", "NativeClient", "ProcessSpawn", "Simulation", "TestedProgram", "windtunnel"],
            swiftSettings: strict),
        .testTarget(name: "ConformanceTests", dependencies: ["Conformance", "Recording"], swiftSettings: strict),
        .testTarget(name: "ReportingTests", dependencies: ["Reporting", "Conformance", "Recording"], swiftSettings: strict),
        .testTarget(name: "HarnessTests", dependencies: ["Harness", "Conformance", "Reporting", "TestedProgram", "windtunnel"], swiftSettings: strict),
        .testTarget(
            name: "CommandTests", dependencies: ["Harness", "NativeClient", "ProcessSpawn", "TestedProgram", "windtunnel"], swiftSettings: strict),
        .testTarget(name: "HouseTests", dependencies: ["Conformance"], swiftSettings: strict),
        .testTarget(name: "JobHistoryTests", dependencies: ["JobHistory", "Simulation", grdb], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
