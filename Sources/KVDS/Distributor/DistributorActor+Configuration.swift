public import Logging

extension DistributorActor {
    /// How a distributor behaves; each setting has a documented default.
    public struct Configuration: Sendable {
        /// How stores behave whose request says nothing else. Default: every setting at its own default.
        public var store: StoreConfiguration
        /// The mode of the directories that are made for disk stores. Default: 0700, for the owner alone.
        public var directoryPermissions: UInt32
        /// Where failures go that no caller can be told, such as one while a store is closed that nobody holds. Default: a
        /// logger with the label `kvds`.
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
