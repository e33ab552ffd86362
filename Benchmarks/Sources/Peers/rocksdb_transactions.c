#include "rocksdb.h"

/// Returns whether a call failed because of another transaction. Any other error ends the process.
static int is_lost(char *error, const char *what) {
    if (!error) return 0;
    int lost = strncmp(error, "Resource busy", 13) == 0 || strncmp(error, "Operation timed out", 19) == 0 ||
               strncmp(error, "Operation failed. Try again", 27) == 0;
    if (!lost) peer_fail(what, error);
    rocksdb_free(error);
    return 1;
}

/// Reads a key for update and writes it back with `number` added.
///
/// Returns whether a conflict with another transaction prevented it.
static int add(
    peer_rocksdb *peer, rocksdb_transaction_t *transaction, const char *key, size_t key_length, uint64_t number) {
    char *error = NULL;
    size_t length;
    uint8_t sum[256];
    rocksdb_pinnableslice_t *slice =
        rocksdb_transaction_get_pinned_for_update(transaction, peer->reading, key, key_length, 1, &error);
    if (is_lost(error, "rocksdb_transaction_get_for_update")) return 1;
    if (!slice) peer_fail("rocksdb_transaction_get_for_update", "a key is missing");
    const char *value = rocksdb_pinnableslice_value(slice, &length);
    peer_add_number(sum, sizeof sum, value, length, number);
    rocksdb_pinnableslice_destroy(slice);
    rocksdb_transaction_put(transaction, key, key_length, (const char *)sum, length, &error);
    return is_lost(error, "rocksdb_transaction_put");
}

/// Returns whether the transaction was committed.
static int attempt(peer_rocksdb *peer, rocksdb_transaction_t *transaction, const peer_rows *additions, size_t i) {
    char *error = NULL;
    uint64_t number;
    size_t length = additions->key_length / 2;
    const char *keys = (const char *)additions->keys + i * additions->key_length;
    memcpy(&number, additions->values + i * additions->value_length, sizeof number);
    if (!add(peer, transaction, keys, length, number) && !add(peer, transaction, keys + length, length, number)) {
        rocksdb_transaction_commit(transaction, &error);
        if (!is_lost(error, "rocksdb_transaction_commit")) return 1;
    }
    error = NULL;
    rocksdb_transaction_rollback(transaction, &error);
    peer_rocksdb_check(error, "rocksdb_transaction_rollback");
    return 0;
}

static void add_share(peer_share *share) {
    peer_rocksdb *peer = share->peer;
    rocksdb_transaction_t *transaction = NULL;
    rocksdb_transaction_options_t *locking = rocksdb_transaction_options_create();
    rocksdb_optimistictransaction_options_t *optimistic = rocksdb_optimistictransaction_options_create();
    for (size_t i = 0; i < share->rows.count; i++) {
        while (1) {
            // Reuse the last transaction, as RocksDB's manual recommends.
            transaction =
                peer->locking ? rocksdb_transaction_begin(peer->locking, peer->durable, locking, transaction)
                              : rocksdb_optimistictransaction_begin(peer->optimistic, peer->durable, optimistic, transaction);
            if (attempt(peer, transaction, &share->rows, i)) break;
            share->found.count += 1;
        }
    }
    if (transaction) rocksdb_transaction_destroy(transaction);
    rocksdb_transaction_options_destroy(locking);
    rocksdb_optimistictransaction_options_destroy(optimistic);
}

uint64_t peer_rocksdb_add(peer_rocksdb *peer, peer_rows additions, int threads) {
    return peer_run(peer, additions, 0, threads, add_share).count;
}
