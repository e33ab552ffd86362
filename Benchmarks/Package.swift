// swift-tools-version: 6.2
import PackageDescription

let stores: [Target.Dependency] = [
    .product(name: "KVDS", package: "kvds"),
    .product(name: "KVDSLMDB", package: "kvds"),
    .product(name: "KVDSRocksDB", package: "kvds"),
]
let records = Target.Dependency.product(name: "KVDSRecords", package: "kvds")
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"), .enableUpcomingFeature("ExistentialAny"),
]

// A separate package, so that users and testers of KVDS do not compile the benchmark framework and the peers.
let package = Package(
    name: "kvds-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "kvds", path: ".."),
        // Without its traits the package does not need jemalloc.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    ],
    targets: [
        .executableTarget(
            name: "Stores",
            dependencies: stores + [.product(name: "Benchmark", package: "benchmark")],
            path: "Benchmarks/Stores",
            swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        .executableTarget(
            name: "compare",
            dependencies: stores + [
                records,
                "Peers",
                "RecordCodec",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            path: "Sources/Compare",
            exclude: ["Records/Messages/records.proto"],
            swiftSettings: settings
        ),
        // The record coder is visible only inside of the library's package. It is measured without a store, and without
        // a part of the interface that only benchmarks use.
        .target(
            name: "RecordCodec", dependencies: [stores[0], records],
            swiftSettings: settings + [.unsafeFlags(["-Xfrontend", "-disable-access-control"])]),
        .testTarget(
            name: "CompareTests", dependencies: ["compare", "RecordCodec", stores[0]], swiftSettings: settings),
        .target(name: "Peers", linkerSettings: [.linkedLibrary("lmdb"), .linkedLibrary("rocksdb")]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
