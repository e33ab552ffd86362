// swift-tools-version: 6.2
import PackageDescription

// A separate package, so that users and testers of KVDS do not compile it.
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
