// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses or tests KVDS compiles it.
let package = Package(
    name: "kvds-mutations",
    platforms: [.macOS(.v26)],
    dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")],
    targets: [
        .executableTarget(
            name: "mutate",
            dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .strictMemorySafety()]
        )
    ],
    swiftLanguageModes: [.v6]
)
