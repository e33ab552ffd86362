// swift-tools-version: 6.2
import PackageDescription

/// Every target is built with the same settings.
let settings: [SwiftSetting] = [
    // An async function runs where its caller runs, so a read never hops.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // `any` is written wherever a value is boxed: the cost is seen.
    .enableUpcomingFeature("ExistentialAny"),
    // A file names the modules whose members it uses.
    .enableUpcomingFeature("MemberImportVisibility"),
    // No import, least of all of a C module, becomes part of the interface by accident.
    .enableUpcomingFeature("InternalImportsByDefault"),
    // `Bytes.span` returns a borrow of its value.
    .enableExperimentalFeature("Lifetimes"),
    // Each use of an unsafe construct is marked `unsafe`.
    .strictMemorySafety(),
]

let package = Package(
    name: "kvds",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "KVDS", targets: ["KVDS"]),
        .library(name: "KVDSLMDB", targets: ["KVDSLMDB"]),
        .library(name: "KVDSRocksDB", targets: ["KVDSRocksDB"]),
        .library(name: "KVDSTesting", targets: ["KVDSTesting"]),
        .executable(name: "kvds", targets: ["KVDSCommand"]),
    ],
    traits: [
        .trait(name: "LMDB", description: "Stores in LMDB files; needs liblmdb."),
        .trait(name: "RocksDB", description: "Stores in RocksDB directories; needs librocksdb."),
        .default(enabledTraits: ["LMDB", "RocksDB"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    ],
    targets: [
        .target(
            name: "KVDS",
            dependencies: [.product(name: "Logging", package: "swift-log")],
            swiftSettings: settings
        ),
        .systemLibrary(
            name: "CLMDB", pkgConfig: "lmdb",
            providers: [.apt(["liblmdb-dev"]), .brew(["lmdb"])]
        ),
        .target(
            name: "KVDSLMDB",
            dependencies: ["KVDS", .target(name: "CLMDB", condition: .when(traits: ["LMDB"]))],
            swiftSettings: settings
        ),
        .systemLibrary(
            name: "CRocksDB", pkgConfig: "rocksdb",
            providers: [.apt(["librocksdb-dev"]), .brew(["rocksdb"])]
        ),
        .target(
            name: "KVDSRocksDB",
            dependencies: ["KVDS", .target(name: "CRocksDB", condition: .when(traits: ["RocksDB"]))],
            swiftSettings: settings
        ),
        .target(name: "KVDSTesting", dependencies: ["KVDS"], swiftSettings: settings),
        .executableTarget(
            name: "KVDSCommand",
            dependencies: [
                "KVDS",
                .target(name: "KVDSLMDB", condition: .when(traits: ["LMDB"])),
                .target(name: "KVDSRocksDB", condition: .when(traits: ["RocksDB"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KVDSCommandTests", dependencies: ["KVDSCommand", "KVDS"], exclude: ["command.sh"], swiftSettings: settings),
        .testTarget(name: "KVDSTests", dependencies: ["KVDS", "KVDSTesting"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
