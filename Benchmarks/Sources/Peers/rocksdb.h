#ifndef KVDS_PEERS_ROCKSDB_H
#define KVDS_PEERS_ROCKSDB_H

#include "common.h"

#include <rocksdb/c.h>

/// A database that is open, as it is or with transactions of one of RocksDB's two kinds.
struct peer_rocksdb {
    /// Not set where transactions lock: such a database cannot be reached past them.
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
