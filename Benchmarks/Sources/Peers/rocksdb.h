#ifndef KVDS_PEERS_ROCKSDB_H
#define KVDS_PEERS_ROCKSDB_H

#include "common.h"

#include <rocksdb/c.h>

/// An open database, plain or with one of RocksDB's two kinds of transactions.
struct peer_rocksdb {
    /// NULL with locking transactions, because such a database must not be accessed without them.
    rocksdb_t *db;
    rocksdb_optimistictransactiondb_t *optimistic;
    rocksdb_transactiondb_t *locking;
    rocksdb_column_family_handle_t *families[2];
    rocksdb_cache_t *cache;
    rocksdb_options_t *options;
    rocksdb_readoptions_t *reading;
    rocksdb_writeoptions_t *durable;
    rocksdb_writeoptions_t *buffered;
};

static inline void peer_rocksdb_check(char *error, const char *what) {
    if (error) peer_fail(what, error);
}

#endif
