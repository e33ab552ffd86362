import KVDS

extension StoreConformance {
    /// One guarantee of the contract, as a sentence, with code that checks it. ``StoreConformance/run(_:)`` runs it.
    public struct Check: Sendable, CustomStringConvertible {
        typealias Body = @Sendable (CheckContext, any KeyValueStore) async throws -> Void

        /// The sentence that must be true of the store.
        public let name: String
        /// Whether the check takes long or needs much memory.
        public let isLarge: Bool
        /// Whether the check needs a store that can be opened again.
        public let needsReopening: Bool
        let body: Body

        /// - Parameter body: called with a new, empty store.
        init(_ name: String, isLarge: Bool = false, needsReopening: Bool = false, _ body: @escaping Body) {
            self.name = name
            self.isLarge = isLarge
            self.needsReopening = needsReopening
            self.body = body
        }

        public var description: String { name }
    }

    /// Every check.
    public static let allChecks: [Check] =
        readingChecks + limitChecks + writingChecks + conditionChecks + scanChecks + pageChecks + consistencyChecks
        + viewChecks + concurrencyChecks + closingChecks + modelChecks + snapshotChecks + snapshotEndChecks
        + changeChecks + subscriptionChecks + transactionChecks + conflictChecks + anomalyChecks + coordinationChecks
        + historyChecks + serviceChecks + lockingChecks + lockWaitChecks + lockingAnomalyChecks + cancellationChecks
        + cancelledLayerChecks + pagedTransactionChecks

    /// The checks that are fast and need little memory, for every test run.
    public static let checks: [Check] = allChecks.filter { !$0.isLarge }

    /// The checks that take long or need much memory.
    public static let largeChecks: [Check] = allChecks.filter(\.isLarge)
}
