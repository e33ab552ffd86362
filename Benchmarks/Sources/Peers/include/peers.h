#ifndef KVDS_PEERS_H
#define KVDS_PEERS_H

#include <stddef.h>
#include <stdint.h>

// What KVDS is compared with: the engines themselves, driven from C and C++ as their manuals say. Every function does its
// whole workload in one call. A failure ends the process: there is nothing to compare with then.

#ifdef __cplusplus
extern "C" {
#endif

/// Rows of equal length, packed: key `i` is at `keys + i * key_length`, its value at `values + i * value_length`.
typedef struct {
    const uint8_t *keys;
    const uint8_t *values;
    size_t key_length;
    size_t value_length;
    size_t count;
} peer_rows;

/// What a read found: how many values, and a sum over their lengths and first bytes, by which both sides are compared.
typedef struct {
    uint64_t count;
    uint64_t sum;
} peer_found;

// Additions are rows of their own kind: the key of each is two keys of equal length, one after the other, and its value a
// number of eight bytes. A transaction reads both keys, which have values of no more than 256 bytes, and writes them back with
// the number added to the first eight bytes of each.

/// The versions of the libraries, as `7.8.3`.
const char *peer_lmdb_version(void);
const char *peer_rocksdb_version(void);

/// How much of this process is in memory, in bytes; 0 where the system does not say.
size_t peer_resident_bytes(void);

// The disk, as far as Linux lets a process have a say; elsewhere these do nothing.

/// How many syncs of a file's data there were, and how long they took together.
typedef struct {
    long count;
    long nanoseconds;
} peer_syncs;

/// The syncs of this process since the last call.
peer_syncs peer_take_syncs(void);
/// Makes every sync of this process last that much longer.
void peer_delay_syncs(long microseconds);
/// Takes the files in a directory, which no process writes just now, out of memory, so that the next reads go to the disk.
void peer_evict(const char *directory);
/// How many bytes this process has had read from a disk.
uint64_t peer_bytes_read(void);

// LMDB: one environment with a database `entries`, as KVDS lays it out.

typedef struct peer_lmdb peer_lmdb;

peer_lmdb *peer_lmdb_open(const char *path, size_t map_size);
void peer_lmdb_close(peer_lmdb *peer);
/// A renewed read transaction for each key; the value is copied out when `copies` is set.
peer_found peer_lmdb_get(peer_lmdb *peer, peer_rows rows, int copies, int threads);
/// A renewed read transaction and a cursor for each key; up to `length` entries from there on.
peer_found peer_lmdb_range(peer_lmdb *peer, peer_rows rows, size_t length);
/// All entries by one cursor.
peer_found peer_lmdb_scan(peer_lmdb *peer);
/// Transactions of `batch` rows each, synced when `durable` is set.
void peer_lmdb_put(peer_lmdb *peer, peer_rows rows, size_t batch, int durable);
void peer_lmdb_remove(peer_lmdb *peer, peer_rows rows, size_t batch, int durable);
/// One read transaction, renewed and reset `count` times.
void peer_lmdb_snapshots(peer_lmdb *peer, size_t count);
/// A write transaction, synced, for each row of additions.
void peer_lmdb_add(peer_lmdb *peer, peer_rows additions);

// RocksDB: column families `default` and `kvds`, opened with the options that KVDS opens it with.

typedef struct peer_rocksdb peer_rocksdb;

peer_rocksdb *peer_rocksdb_open(const char *path);
/// With a block cache of `cache_size` bytes; else it is of 256 MiB.
peer_rocksdb *peer_rocksdb_open_cached(const char *path, size_t cache_size);
void peer_rocksdb_close(peer_rocksdb *peer);
/// Compacts everything and waits for it, so that nothing is compacted while it is measured.
void peer_rocksdb_settle(peer_rocksdb *peer);
/// `rocksdb_get`, or `rocksdb_get_pinned` when `copies` is not set.
peer_found peer_rocksdb_get(peer_rocksdb *peer, peer_rows rows, int copies, int threads);
peer_found peer_rocksdb_range(peer_rocksdb *peer, peer_rows rows, size_t length);
peer_found peer_rocksdb_scan(peer_rocksdb *peer);
/// `rocksdb_put` for each row when `batch` is 1, else `rocksdb_write` of that many; on `threads` threads at once.
void peer_rocksdb_put(peer_rocksdb *peer, peer_rows rows, size_t batch, int durable, int threads);
void peer_rocksdb_remove(peer_rocksdb *peer, peer_rows rows, size_t batch, int durable);
/// Takes a snapshot and releases it, `count` times.
void peer_rocksdb_snapshots(peer_rocksdb *peer, size_t count);

/// As an `OptimisticTransactionDB`, or as a `TransactionDB`; of the calls above `close` and `scan` take both.
peer_rocksdb *peer_rocksdb_open_optimistic(const char *path);
peer_rocksdb *peer_rocksdb_open_locking(const char *path);
/// A transaction, synced, for each row of additions, run again until it commits; on `threads` threads at once.
///
/// Returns how many were run again.
uint64_t peer_rocksdb_add(peer_rocksdb *peer, peer_rows additions, int threads);

// A `std::map` of strings behind a `std::mutex`.

typedef struct peer_map peer_map;

peer_map *peer_map_create(void);
void peer_map_destroy(peer_map *peer);
peer_found peer_map_get(peer_map *peer, peer_rows rows, int threads);
/// All entries, copied, in pages of a thousand, each under the lock.
peer_found peer_map_scan(peer_map *peer);
/// Up to `length` entries from each key on, copied under the lock.
peer_found peer_map_range(peer_map *peer, peer_rows rows, size_t length);
void peer_map_set(peer_map *peer, peer_rows rows);
void peer_map_remove(peer_map *peer, peer_rows rows);

#ifdef __cplusplus
}
#endif

#endif
