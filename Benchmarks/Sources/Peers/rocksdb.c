#include "rocksdb.h"

#include <time.h>

static void check(char *error, const char *what) { peer_rocksdb_check(error, what); }

enum transactions { none, optimistic, locking };

static peer_rocksdb *open_with(enum transactions kind, const char *path, size_t cache_size) {
    peer_rocksdb *peer = calloc(1, sizeof(peer_rocksdb));
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_options_set_create_missing_column_families(options, 1);
    rocksdb_options_set_write_buffer_size(options, 64 << 20);
    rocksdb_options_set_max_open_files(options, 512);
    rocksdb_options_set_compression(options, rocksdb_lz4_compression);
    rocksdb_options_set_info_log_level(options, 2);
    rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
    peer->cache = rocksdb_cache_create_lru(cache_size);
    rocksdb_block_based_options_set_block_cache(table, peer->cache);
    rocksdb_block_based_options_set_filter_policy(table, rocksdb_filterpolicy_create_bloom_full(10));
    rocksdb_options_set_block_based_table_factory(options, table);
    rocksdb_block_based_options_destroy(table);
    peer->options = options;
    peer->reading = rocksdb_readoptions_create();
    peer->durable = rocksdb_writeoptions_create();
    peer->buffered = rocksdb_writeoptions_create();
    rocksdb_writeoptions_set_sync(peer->durable, 1);

    const char *names[] = {"default", "kvds"};
    const rocksdb_options_t *both[] = {options, options};
    char *error = NULL;
    if (kind == optimistic) {
        peer->optimistic = rocksdb_optimistictransactiondb_open_column_families(
            options, path, 2, names, both, peer->families, &error);
        check(error, "rocksdb_optimistictransactiondb_open");
        peer->db = rocksdb_optimistictransactiondb_get_base_db(peer->optimistic);
    } else if (kind == locking) {
        rocksdb_transactiondb_options_t *transactions = rocksdb_transactiondb_options_create();
        peer->locking = rocksdb_transactiondb_open_column_families(
            options, transactions, path, 2, names, both, peer->families, &error);
        check(error, "rocksdb_transactiondb_open");
        rocksdb_transactiondb_options_destroy(transactions);
    } else {
        peer->db = rocksdb_open_column_families(options, path, 2, names, both, peer->families, &error);
        check(error, "rocksdb_open");
    }
    return peer;
}

peer_rocksdb *peer_rocksdb_open(const char *path) { return peer_rocksdb_open_cached(path, 256 << 20); }

peer_rocksdb *peer_rocksdb_open_cached(const char *path, size_t cache_size) {
    return open_with(none, path, cache_size);
}

peer_rocksdb *peer_rocksdb_open_optimistic(const char *path) { return open_with(optimistic, path, 256 << 20); }

peer_rocksdb *peer_rocksdb_open_locking(const char *path) { return open_with(locking, path, 256 << 20); }

void peer_rocksdb_close(peer_rocksdb *peer) {
    for (int i = 0; i < 2; i++) rocksdb_column_family_handle_destroy(peer->families[i]);
    if (peer->optimistic) {
        rocksdb_optimistictransactiondb_close_base_db(peer->db);
        rocksdb_optimistictransactiondb_close(peer->optimistic);
    } else if (peer->locking) {
        rocksdb_transactiondb_close(peer->locking);
    } else {
        rocksdb_close(peer->db);
    }
    rocksdb_options_destroy(peer->options);
    rocksdb_readoptions_destroy(peer->reading);
    rocksdb_writeoptions_destroy(peer->durable);
    rocksdb_writeoptions_destroy(peer->buffered);
    rocksdb_cache_destroy(peer->cache);
    free(peer);
}

static int is_compacting(peer_rocksdb *peer) {
    uint64_t pending = 0, running = 0;
    rocksdb_property_int(peer->db, "rocksdb.compaction-pending", &pending);
    rocksdb_property_int(peer->db, "rocksdb.num-running-compactions", &running);
    return pending + running > 0;
}

void peer_rocksdb_settle(peer_rocksdb *peer) {
    const struct timespec pause = {0, 10 * 1000 * 1000};
    rocksdb_compactoptions_t *options = rocksdb_compactoptions_create();
    // kForce: otherwise files that were moved unchanged to the last level would be rewritten when a snapshot is
    // released.
    rocksdb_compactoptions_set_bottommost_level_compaction(options, 2);
    rocksdb_compact_range_opt(peer->db, options, NULL, 0, NULL, 0);
    rocksdb_compactoptions_destroy(options);
    // The result may exceed the size of a level and be compacted further.
    while (is_compacting(peer)) nanosleep(&pause, NULL);
}

static const char *key_of(const peer_rows *rows, size_t i) { return (const char *)rows->keys + i * rows->key_length; }

static const char *value_of(const peer_rows *rows, size_t i) {
    return (const char *)rows->values + i * rows->value_length;
}

static void get_share(peer_share *share) {
    peer_rocksdb *peer = share->peer;
    char *error = NULL;
    size_t length;
    for (size_t i = 0; i < share->rows.count; i++) {
        const char *key = key_of(&share->rows, i);
        if (share->flag) {
            char *value = rocksdb_get(peer->db, peer->reading, key, share->rows.key_length, &length, &error);
            check(error, "rocksdb_get");
            if (!value) continue;
            peer_add(&share->found, value, length);
            rocksdb_free(value);
        } else {
            rocksdb_pinnableslice_t *slice =
                rocksdb_get_pinned(peer->db, peer->reading, key, share->rows.key_length, &error);
            check(error, "rocksdb_get_pinned");
            if (!slice) continue;
            const char *value = rocksdb_pinnableslice_value(slice, &length);
            peer_add(&share->found, value, length);
            rocksdb_pinnableslice_destroy(slice);
        }
    }
}

peer_found peer_rocksdb_get(peer_rocksdb *peer, peer_rows rows, int copies, int threads) {
    return peer_run(peer, rows, copies, threads, get_share);
}

peer_found peer_rocksdb_range(peer_rocksdb *peer, peer_rows rows, size_t length) {
    peer_found found = {0, 0};
    size_t value_length;
    for (size_t i = 0; i < rows.count; i++) {
        rocksdb_iterator_t *iterator = rocksdb_create_iterator(peer->db, peer->reading);
        rocksdb_iter_seek(iterator, key_of(&rows, i), rows.key_length);
        for (size_t n = 0; n < length && rocksdb_iter_valid(iterator); n++) {
            const char *value = rocksdb_iter_value(iterator, &value_length);
            peer_add(&found, value, value_length);
            rocksdb_iter_next(iterator);
        }
        rocksdb_iter_destroy(iterator);
    }
    return found;
}

peer_found peer_rocksdb_scan(peer_rocksdb *peer) {
    peer_found found = {0, 0};
    size_t key_length, value_length;
    rocksdb_iterator_t *iterator = peer->locking ? rocksdb_transactiondb_create_iterator(peer->locking, peer->reading)
                                                 : rocksdb_create_iterator(peer->db, peer->reading);
    for (rocksdb_iter_seek_to_first(iterator); rocksdb_iter_valid(iterator); rocksdb_iter_next(iterator)) {
        (void)rocksdb_iter_key(iterator, &key_length);
        const char *value = rocksdb_iter_value(iterator, &value_length);
        peer_add(&found, value, value_length);
        found.sum += key_length;
    }
    rocksdb_iter_destroy(iterator);
    return found;
}

static void put_share(peer_share *share) {
    peer_rocksdb *peer = share->peer;
    rocksdb_writeoptions_t *options = share->flag ? peer->durable : peer->buffered;
    char *error = NULL;
    for (size_t i = 0; i < share->rows.count; i++) {
        rocksdb_put(
            peer->db, options, key_of(&share->rows, i), share->rows.key_length, value_of(&share->rows, i),
            share->rows.value_length, &error);
        check(error, "rocksdb_put");
    }
}

void peer_rocksdb_put(peer_rocksdb *peer, peer_rows rows, size_t batch, int durable, int threads) {
    if (batch == 1) {
        peer_run(peer, rows, durable, threads, put_share);
        return;
    }
    rocksdb_writeoptions_t *options = durable ? peer->durable : peer->buffered;
    rocksdb_writebatch_t *writes = rocksdb_writebatch_create();
    char *error = NULL;
    for (size_t i = 0; i < rows.count;) {
        rocksdb_writebatch_clear(writes);
        for (size_t n = 0; n < batch && i < rows.count; n++, i++) {
            rocksdb_writebatch_put(writes, key_of(&rows, i), rows.key_length, value_of(&rows, i), rows.value_length);
        }
        rocksdb_write(peer->db, options, writes, &error);
        check(error, "rocksdb_write");
    }
    rocksdb_writebatch_destroy(writes);
}

void peer_rocksdb_remove(peer_rocksdb *peer, peer_rows rows, size_t batch, int durable) {
    rocksdb_writeoptions_t *options = durable ? peer->durable : peer->buffered;
    rocksdb_writebatch_t *writes = rocksdb_writebatch_create();
    char *error = NULL;
    for (size_t i = 0; i < rows.count;) {
        rocksdb_writebatch_clear(writes);
        for (size_t n = 0; n < batch && i < rows.count; n++, i++) {
            rocksdb_writebatch_delete(writes, key_of(&rows, i), rows.key_length);
        }
        rocksdb_write(peer->db, options, writes, &error);
        check(error, "rocksdb_write");
    }
    rocksdb_writebatch_destroy(writes);
}

void peer_rocksdb_snapshots(peer_rocksdb *peer, size_t count) {
    for (size_t i = 0; i < count; i++) {
        rocksdb_release_snapshot(peer->db, rocksdb_create_snapshot(peer->db));
    }
}
