package import KVDS

/// A store in LMDB files, which several processes can share.
package typealias LMDBStore = EmbeddedStore<LMDBEngine>
