// swift-tools-version: 6.2
import PackageDescription

/// `make check` and `make docs` need the documentation plugin and treat warnings as errors. Users of the package do
/// not.
let isChecked = Context.environment["KVDS_CHECK"] != nil

/// The engines, or Compression, to leave out where a library is not installed, as in `KVDS_WITHOUT=LMDB swift build`. A
/// trait removes the dependencies of a target, never the target, so a build here would compile every engine without
/// this.
let leftOut = (Context.environment["KVDS_WITHOUT"] ?? "").split(separator: ",").map(String.init)
let hasLMDB = !leftOut.contains("LMDB")
let hasRocksDB = !leftOut.contains("RocksDB")
let hasCompression = !leftOut.contains("Compression")

/// The settings of every target.
let settings: [SwiftSetting] =
    [
        // An async function runs where its caller runs, so a read never hops.
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        // `any` is written wherever a value is boxed, so that the cost is visible.
        .enableUpcomingFeature("ExistentialAny"),
        // A file names the modules whose members it uses.
        .enableUpcomingFeature("MemberImportVisibility"),
        // No import, in particular of a C module, becomes part of the interface by accident.
        .enableUpcomingFeature("InternalImportsByDefault"),
        // `Bytes.span` returns a borrow of its value.
        .enableExperimentalFeature("Lifetimes"),
        // Each use of an unsafe construct is marked `unsafe`.
        .strictMemorySafety(),
    ] + (isChecked ? [.treatAllWarnings(as: .error)] : [])

/// Only the command line and the torture tool use it, so that users of the libraries do not download it.
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["Command"]))

/// What reads and writes compressed records, where a target can do without.
let optionalCompression: [Target.Dependency] =
    hasCompression ? [.target(name: "KVDSCompression", condition: .when(traits: ["Compression"]))] : []

let testedCompression: [Target.Dependency] = hasCompression ? ["KVDSCompression"] : []

let core: [Target] = [
    .target(
        name: "KVDS", dependencies: [.product(name: "Logging", package: "swift-log"), "KVDSSystem", "CPrefetch"],
        swiftSettings: settings),
    .target(name: "KVDSSystem", swiftSettings: settings),
    .systemLibrary(name: "CPrefetch"),
    // The scripts of the conformance suite are part of the library, so that no file is needed to run them.
    .target(
        name: "KVDSTesting", dependencies: ["KVDS"], resources: [.embedInCode("Scripts")], swiftSettings: settings),
    // The text formats and files of `kvds`, apart from the command so that tests and the torture tool can use them.
    .target(name: "KVDSFormats", dependencies: ["KVDS", "KVDSSystem"], swiftSettings: settings),
    .target(name: "KVDSRecords", dependencies: ["KVDS"], swiftSettings: settings),
    .executableTarget(
        name: "KVDSCommand",
        dependencies: ["KVDS", "KVDSFormats", "KVDSRecords", "KVDSSystem", argumentParser]
            + (hasLMDB ? [.target(name: "KVDSLMDB", condition: .when(traits: ["LMDB"]))] : [])
            + (hasRocksDB ? [.target(name: "KVDSRocksDB", condition: .when(traits: ["RocksDB"]))] : [])
            + optionalCompression,
        swiftSettings: settings),
    // Every decoder of bytes from outside, with its invariants: run by `make fuzz` and, for a short time, by the tests.
    .target(
        name: "FuzzTargets",
        dependencies: ["KVDS", "KVDSFormats", "KVDSRecords", "KVDSTesting"] + optionalCompression,
        path: "Fuzzing/Targets", swiftSettings: settings),
    .testTarget(name: "KVDSTests", dependencies: ["KVDS", "KVDSTesting"], swiftSettings: settings),
    .testTarget(
        name: "KVDSRecordsTests", dependencies: ["KVDS", "KVDSRecords", "KVDSTesting"], swiftSettings: settings),
]

let lmdb: [Target] = [
    .systemLibrary(
        name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"]), .brew(["lmdb"])]),
    .target(
        name: "KVDSLMDB",
        dependencies: ["KVDS", "KVDSSystem", "CPrefetch", .target(name: "CLMDB", condition: .when(traits: ["LMDB"]))],
        swiftSettings: settings),
]

let rocksDB: [Target] = [
    .systemLibrary(
        name: "CRocksDB", pkgConfig: "rocksdb", providers: [.apt(["librocksdb-dev"]), .brew(["rocksdb"])]),
    .target(
        name: "KVDSRocksDB",
        dependencies: ["KVDS", "KVDSSystem", .target(name: "CRocksDB", condition: .when(traits: ["RocksDB"]))],
        swiftSettings: settings),
]

/// Compressed records in tables.
let compression: [Target] = [
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
    .target(
        name: "KVDSCompression",
        dependencies: [
            "KVDS", "KVDSRecords", .target(name: "CZstd", condition: .when(traits: ["Compression"])),
            .target(name: "CLZ4", condition: .when(traits: ["Compression"])),
        ],
        swiftSettings: settings),
]

/// Examples, the torture tool, and tests over both engines on disk.
let bothEngines: [Target] = [
    .executableTarget(
        name: "kvds-demo", dependencies: ["KVDS", "KVDSLMDB", "KVDSRocksDB", "KVDSSystem"], path: "Examples/Demo",
        swiftSettings: settings),
    .executableTarget(
        name: "QuickStart", dependencies: ["KVDS", "KVDSLMDB", "KVDSRocksDB"], path: "Examples/QuickStart",
        swiftSettings: settings),
    // System calls that can be made to fail. A program that links it calls them, with every library it loads.
    .target(name: "CFaultyIO", path: "Torture/CFaultyIO"),
    .systemLibrary(name: "CAllocator", path: "Torture/CAllocator"),
    // Kills, starves and storms stores, and checks that their promises hold: `make torture`.
    .executableTarget(
        name: "kvds-torture",
        dependencies: [
            "KVDS", "KVDSFormats", "KVDSLMDB", "KVDSRocksDB", "KVDSSystem", "KVDSTesting", "CFaultyIO", "CAllocator",
            argumentParser,
        ],
        path: "Torture/Sources", swiftSettings: settings),
    // Shared by the tests of stores on disk: directories, tools, and a worker process to kill.
    .target(
        name: "TestSupport", dependencies: ["KVDS", "KVDSLMDB", "KVDSRocksDB", "KVDSSystem", "KVDSTesting"],
        path: "Tests/TestSupport", swiftSettings: settings),
    .executableTarget(
        name: "kvds-test-worker", dependencies: ["TestSupport"], path: "Tests/Worker", swiftSettings: settings),
    .executableTarget(
        name: "kvds-table-worker", dependencies: ["KVDSRecords", "TestSupport"],
        path: "Tests/TableWorker", swiftSettings: settings),
    .testTarget(
        name: "KVDSLMDBTests",
        dependencies: ["KVDSLMDB", "CLMDB", "KVDSSystem", "KVDSTesting", "TestSupport", "kvds-test-worker"],
        swiftSettings: settings),
    .testTarget(
        name: "KVDSRocksDBTests",
        dependencies: ["KVDSRocksDB", "CRocksDB", "KVDSTesting", "TestSupport", "kvds-test-worker"],
        swiftSettings: settings),
    .testTarget(
        name: "DiskStoreTests",
        dependencies: [
            "KVDSLMDB", "KVDSRocksDB", "KVDSSystem", "KVDSTesting", "TestSupport", "kvds-test-worker",
            .product(name: "Logging", package: "swift-log"),
        ],
        swiftSettings: settings),
    .testTarget(
        name: "TableTests",
        dependencies: ["KVDS", "KVDSRecords", "KVDSTesting", "TestSupport", "kvds-table-worker"] + testedCompression,
        exclude: hasCompression ? [] : ["Compression"], resources: [.embedInCode("Fixtures")], swiftSettings: settings),
    .testTarget(
        name: "DistributorTests", dependencies: ["KVDSTesting", "TestSupport", "kvds-test-worker"],
        swiftSettings: settings),
    .testTarget(
        name: "KVDSCommandTests",
        dependencies: [
            "KVDSCommand", "KVDSFormats", "KVDS", "KVDSRecords", "KVDSTesting", "FuzzTargets", "TestSupport",
        ] + testedCompression,
        exclude: ["command.sh"] + (hasCompression ? [] : ["TrainCommandTests.swift"]), swiftSettings: settings),
    .testTarget(
        name: "TortureTests", dependencies: ["KVDSTesting", "TestSupport", "kvds-torture"], swiftSettings: settings),
]

/// Needs flags for the compiler and the linker that only `make fuzz` passes.
let fuzzer: [Target] =
    Context.environment["KVDS_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "kvds-fuzz", dependencies: ["FuzzTargets"], path: "Fuzzing/Fuzzer", swiftSettings: settings)
    ]

let package = Package(
    name: "kvds",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "KVDS", targets: ["KVDS"]),
        .library(name: "KVDSRecords", targets: ["KVDSRecords"]),
        .library(name: "KVDSTesting", targets: ["KVDSTesting"]),
        .executable(name: "kvds", targets: ["KVDSCommand"]),
    ]
        + (hasLMDB ? [.library(name: "KVDSLMDB", targets: ["KVDSLMDB"])] : [])
        + (hasRocksDB ? [.library(name: "KVDSRocksDB", targets: ["KVDSRocksDB"])] : [])
        + (hasCompression ? [.library(name: "KVDSCompression", targets: ["KVDSCompression"])] : []),
    traits: [
        .trait(name: "LMDB", description: "Stores in LMDB files; needs liblmdb."),
        .trait(name: "RocksDB", description: "Stores in RocksDB directories; needs librocksdb."),
        .trait(name: "Compression", description: "Compressed records; needs libzstd and liblz4."),
        .trait(name: "Command", description: "The command kvds; needs swift-argument-parser."),
        .default(
            enabledTraits: Set(
                (hasLMDB ? ["LMDB"] : []) + (hasRocksDB ? ["RocksDB"] : []) + (hasCompression ? ["Compression"] : []))),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    ] + (isChecked ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0")] : []),
    targets: core + (hasLMDB ? lmdb : []) + (hasRocksDB ? rocksDB : []) + (hasCompression ? compression : [])
        + (hasLMDB && hasRocksDB ? bothEngines : []) + fuzzer,
    swiftLanguageModes: [.v6]
)
