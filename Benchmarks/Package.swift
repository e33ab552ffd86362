// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses or tests KVDS compiles the benchmark framework.
let package = Package(
    name: "kvds-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "kvds", path: ".."),
        // Without its traits it needs no jemalloc.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Stores",
            dependencies: [
                .product(name: "KVDS", package: "kvds"),
                .product(name: "KVDSLMDB", package: "kvds"),
                .product(name: "KVDSRocksDB", package: "kvds"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Stores",
            swiftSettings: [
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"), .enableUpcomingFeature("ExistentialAny"),
            ],
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        )
    ],
    swiftLanguageModes: [.v6]
)
