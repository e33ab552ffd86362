#ifndef KVDS_PEERS_H
#define KVDS_PEERS_H

#include <stddef.h>
#include <stdint.h>

// The peers of KVDS: the engines themselves, driven from C and C++ as their manuals recommend. Each function runs its
// whole workload in one call. A failure ends the process, because there is nothing to compare with.

#ifdef __cplusplus
extern "C" {
#endif

/// Packed rows of equal length: key `i` is at `keys + i * key_length`, its value at `values + i * value_length`.
typedef struct {
    const uint8_t *keys;
    const uint8_t *values;
    size_t key_length;
    size_t value_length;
    size_t count;
} peer_rows;

/// The result of a read: the number of values, and a sum of their lengths and first bytes by which both sides are
/// compared.
typedef struct {
    uint64_t count;
    uint64_t sum;
} peer_found;

// Additions are rows of a special form. Each key is two keys of equal length, one after the other, and each value is a
// number of eight bytes. A transaction reads both keys, whose values have at most 256 bytes, and writes them back with
// the number added to the first eight bytes of each.

/// The versions of the libraries, for example `7.8.3`.
const char *peer_lmdb_version(void);
const char *peer_rocksdb_version(void);

/// The resident memory of this process in bytes; 0 if the system does not report it.
size_t peer_resident_bytes(void);

// Control of the disk. These functions work only on Linux.

/// The number of data syncs, and their total duration.
typedef struct {
    long count;
    long nanoseconds;
} peer_syncs;

/// Returns the syncs of this process since the last call.
peer_syncs peer_take_syncs(void);
/// Delays every sync of this process.
void peer_delay_syncs(long microseconds);
/// Evicts the files in a directory from memory, so that the next reads go to the disk. No process may be writing them.
void peer_evict(const char *directory);
/// Returns the number of bytes that this process has read from a disk.
uint64_t peer_bytes_read(void);

// LMDB: one environment with a database `entries`, in the layout of KVDS.

typedef struct peer_lmdb peer_lmdb;

peer_lmdb *peer_lmdb_open(const char *path, size_t map_size);
void peer_lmdb_close(peer_lmdb *peer);
/// Renews a read transaction for each key; copies the value if `copies` is set.
peer_found peer_lmdb_get(peer_lmdb *peer, peer_rows rows, int copies, int threads);
/// Renews a read transaction and a cursor for each key, and reads up to `length` entries from there on.
peer_found peer_lmdb_range(peer_lmdb *peer, peer_rows rows, size_t length);
/// Reads all entries with one cursor.
peer_found peer_lmdb_scan(peer_lmdb *peer);
/// Writes the rows in transactions of `batch` rows, synced if `durable` is set.
void peer_lmdb_put(peer_lmdb *peer, peer_rows rows, size_t batch, int durable);
void peer_lmdb_remove(peer_lmdb *peer, peer_rows rows, size_t batch, int durable);
/// Renews and resets one read transaction `count` times.
void peer_lmdb_snapshots(peer_lmdb *peer, size_t count);
/// Makes a synced write transaction for each row of additions.
void peer_lmdb_add(peer_lmdb *peer, peer_rows additions);

// RocksDB: column families `default` and `kvds`, opened with the options that KVDS uses.

typedef struct peer_rocksdb peer_rocksdb;

peer_rocksdb *peer_rocksdb_open(const char *path);
/// Opens with a block cache of `cache_size` bytes. `peer_rocksdb_open` uses 256 MiB.
peer_rocksdb *peer_rocksdb_open_cached(const char *path, size_t cache_size);
void peer_rocksdb_close(peer_rocksdb *peer);
/// Compacts everything and waits for the end, so that no compaction runs during a measurement.
void peer_rocksdb_settle(peer_rocksdb *peer);
/// Uses `rocksdb_get`, or `rocksdb_get_pinned` if `copies` is not set.
peer_found peer_rocksdb_get(peer_rocksdb *peer, peer_rows rows, int copies, int threads);
peer_found peer_rocksdb_range(peer_rocksdb *peer, peer_rows rows, size_t length);
peer_found peer_rocksdb_scan(peer_rocksdb *peer);
/// Calls `rocksdb_put` for each row if `batch` is 1, otherwise `rocksdb_write` for batches, on `threads` threads.
void peer_rocksdb_put(peer_rocksdb *peer, peer_rows rows, size_t batch, int durable, int threads);
void peer_rocksdb_remove(peer_rocksdb *peer, peer_rows rows, size_t batch, int durable);
/// Takes and releases a snapshot `count` times.
void peer_rocksdb_snapshots(peer_rocksdb *peer, size_t count);

/// Opens an `OptimisticTransactionDB` or a `TransactionDB`. Of the functions above, only `close` and `scan` accept it.
peer_rocksdb *peer_rocksdb_open_optimistic(const char *path);
peer_rocksdb *peer_rocksdb_open_locking(const char *path);
/// Makes a synced transaction for each row of additions, with retries until it commits, on `threads` threads.
///
/// Returns the number of retries.
uint64_t peer_rocksdb_add(peer_rocksdb *peer, peer_rows additions, int threads);

// A `std::map` of strings behind a `std::mutex`.

typedef struct peer_map peer_map;

peer_map *peer_map_create(void);
void peer_map_destroy(peer_map *peer);
peer_found peer_map_get(peer_map *peer, peer_rows rows, int threads);
/// Copies all entries in pages of a thousand, each under the lock.
peer_found peer_map_scan(peer_map *peer);
/// Copies up to `length` entries from each key on, under the lock.
peer_found peer_map_range(peer_map *peer, peer_rows rows, size_t length);
void peer_map_set(peer_map *peer, peer_rows rows);
void peer_map_remove(peer_map *peer, peer_rows rows);

#ifdef __cplusplus
}
#endif

#endif
