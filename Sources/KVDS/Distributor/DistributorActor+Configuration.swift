public import Logging

extension DistributorActor {
    /// The settings of a distributor. Each has a documented default.
    public struct Configuration: Sendable {
        /// The settings of stores whose request contains none. Default: every setting at its own default.
        public var store: StoreConfiguration
        /// The mode of the directories that are created for disk stores. Default: 0700, for the owner only.
        public var directoryPermissions: UInt32
        /// The logger for failures that no caller receives, such as an error when a released store is closed. Default:
        /// a logger with the label `kvds`.
        public var logger: Logger

        public init(
            store: StoreConfiguration = StoreConfiguration(), directoryPermissions: UInt32 = 0o700,
            logger: Logger = Logger(label: "kvds")
        ) {
            self.store = store
            self.directoryPermissions = directoryPermissions
            self.logger = logger
        }
    }
}
