// swift-tools-version: 6.2
import PackageDescription

/// What `make check` and `make docs` need and users of the package do not: the documentation plugin, and warnings that
/// are errors.
let isChecked = Context.environment["KVDS_CHECK"] != nil

/// Engines to leave out of the whole package, as in `KVDS_WITHOUT=LMDB swift build`, where a library is not installed. A
/// trait takes away what a target depends on, never the target, so that without this a build here compiles every engine.
let leftOut = Set((Context.environment["KVDS_WITHOUT"] ?? "").split(separator: ",").map(String.init))

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
        .default(enabledTraits: Set(["LMDB", "RocksDB"]).subtracting(leftOut)),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    ],
    targets: [
        .target(
            name: "KVDS",
            dependencies: [.product(name: "Logging", package: "swift-log"), "CPrefetch"],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CPrefetch"),
        // System calls that can be made to fail. Whoever links it calls them, with every library it loads.
        .target(name: "CFaultyIO", path: "Torture/CFaultyIO"),
        .systemLibrary(
            name: "CLMDB", pkgConfig: "lmdb",
            providers: [.apt(["liblmdb-dev"]), .brew(["lmdb"])]
        ),
        .target(
            name: "KVDSLMDB",
            dependencies: ["KVDS", "CPrefetch", .target(name: "CLMDB", condition: .when(traits: ["LMDB"]))],
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
            name: "kvds-demo", dependencies: ["KVDS", "KVDSLMDB", "KVDSRocksDB"], path: "Examples/Demo",
            swiftSettings: settings
        ),
        // What `kvds` reads and writes as text, and the files for it: apart, so that both can be tested.
        .target(name: "KVDSFormats", dependencies: ["KVDS"], swiftSettings: settings),
        .executableTarget(
            name: "KVDSCommand",
            dependencies: [
                "KVDS", "KVDSFormats",
                .target(name: "KVDSLMDB", condition: .when(traits: ["LMDB"])),
                .target(name: "KVDSRocksDB", condition: .when(traits: ["RocksDB"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CAllocator", path: "Torture/CAllocator"),
        // Breaks stores in every way there is, and checks that their promises hold: `make torture`.
        .executableTarget(
            name: "kvds-torture",
            dependencies: [
                "KVDS", "KVDSFormats", "KVDSLMDB", "KVDSRocksDB", "KVDSTesting", "CFaultyIO", "CAllocator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Torture/Sources",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "QuickStart",
            dependencies: ["KVDS", "KVDSLMDB", "KVDSRocksDB"],
            path: "Examples/QuickStart",
            swiftSettings: settings
        ),
        .testTarget(
            name: "KVDSCommandTests",
            dependencies: ["KVDSCommand", "KVDSFormats", "KVDS", "KVDSTesting", "FuzzTargets", "TestSupport"],
            exclude: ["command.sh"],
            swiftSettings: settings
        ),
        // Every decoder of bytes from outside, and what must be true of it: run by `make fuzz` and, shortly, by the tests.
        .target(
            name: "FuzzTargets", dependencies: ["KVDS", "KVDSFormats", "KVDSTesting"], path: "Fuzzing/Targets",
            swiftSettings: settings
        ),
        .testTarget(name: "KVDSTests", dependencies: ["KVDS", "KVDSTesting"], swiftSettings: settings),
        // What the tests of stores on disk share: directories, tools, and a process of its own to kill.
        .target(
            name: "TestSupport", dependencies: ["KVDS", "KVDSLMDB", "KVDSRocksDB", "KVDSTesting"], path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "kvds-test-worker", dependencies: ["TestSupport"], path: "Tests/Worker", swiftSettings: settings
        ),
        .testTarget(
            name: "KVDSLMDBTests",
            dependencies: ["KVDSLMDB", "CLMDB", "KVDSTesting", "TestSupport", "kvds-test-worker"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KVDSRocksDBTests",
            dependencies: ["KVDSRocksDB", "CRocksDB", "KVDSTesting", "TestSupport", "kvds-test-worker"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DiskStoreTests",
            dependencies: [
                "KVDSLMDB", "KVDSRocksDB", "KVDSTesting", "TestSupport", "kvds-test-worker",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DistributorTests", dependencies: ["KVDSTesting", "TestSupport", "kvds-test-worker"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TortureTests", dependencies: ["TestSupport", "KVDSTesting", "kvds-torture"], swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)

if isChecked {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
    for target in package.targets { target.swiftSettings?.append(.treatAllWarnings(as: .error)) }
}

// Needs what only `make fuzz` passes to the compiler and the linker.
if Context.environment["KVDS_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "kvds-fuzz", dependencies: ["FuzzTargets"], path: "Fuzzing/Fuzzer", swiftSettings: settings))
}

if !leftOut.isEmpty {
    func name(of dependency: Target.Dependency) -> (name: String, isNeeded: Bool)? {
        switch dependency {
        case .targetItem(let name, let condition), .byNameItem(let name, let condition): (name, condition == nil)
        default: nil
        }
    }
    // The engines go, and with them the examples and tests that cannot be built without. What asks for a trait stays.
    var gone = Set(leftOut.flatMap { ["C\($0)", "KVDS\($0)"] })
    while let target = package.targets.first(where: { target in
        !gone.contains(target.name)
            && target.dependencies.compactMap(name).contains { $0.isNeeded && gone.contains($0.name) }
    }) {
        gone.insert(target.name)
    }
    package.targets.removeAll { gone.contains($0.name) }
    package.products.removeAll { gone.contains($0.name) }
    for target in package.targets {
        target.dependencies.removeAll { dependency in name(of: dependency).map { gone.contains($0.name) } ?? false }
    }
}
