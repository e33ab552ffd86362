public import KVDS

/// A store in LMDB files, which several processes can share.
public typealias LMDBStore = EmbeddedStore<LMDBEngine>
