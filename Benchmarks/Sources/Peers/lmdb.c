#include "common.h"

#include <lmdb.h>

struct peer_lmdb {
    MDB_env *env;
    MDB_dbi entries;
};

static void check(int code, const char *what) {
    if (code != MDB_SUCCESS) peer_fail(what, mdb_strerror(code));
}

peer_lmdb *peer_lmdb_open(const char *path, size_t map_size) {
    peer_lmdb *peer = malloc(sizeof(peer_lmdb));
    MDB_txn *txn;
    check(mdb_env_create(&peer->env), "mdb_env_create");
    check(mdb_env_set_maxdbs(peer->env, 2), "mdb_env_set_maxdbs");
    check(mdb_env_set_mapsize(peer->env, map_size), "mdb_env_set_mapsize");
    check(mdb_env_open(peer->env, path, MDB_NOTLS | MDB_NORDAHEAD, 0600), "mdb_env_open");
    check(mdb_txn_begin(peer->env, NULL, 0, &txn), "mdb_txn_begin");
    check(mdb_dbi_open(txn, "entries", MDB_CREATE, &peer->entries), "mdb_dbi_open");
    check(mdb_txn_commit(txn), "mdb_txn_commit");
    return peer;
}

void peer_lmdb_close(peer_lmdb *peer) {
    mdb_env_close(peer->env);
    free(peer);
}

static MDB_val key_of(const peer_rows *rows, size_t i) {
    MDB_val key = {rows->key_length, (void *)(rows->keys + i * rows->key_length)};
    return key;
}

static MDB_txn *begin_reading(peer_lmdb *peer) {
    MDB_txn *txn;
    check(mdb_txn_begin(peer->env, NULL, MDB_RDONLY, &txn), "mdb_txn_begin");
    mdb_txn_reset(txn);
    return txn;
}

static void get_share(peer_share *share) {
    peer_lmdb *peer = share->peer;
    MDB_txn *txn = begin_reading(peer);
    for (size_t i = 0; i < share->rows.count; i++) {
        MDB_val key = key_of(&share->rows, i), value;
        check(mdb_txn_renew(txn), "mdb_txn_renew");
        int code = mdb_get(txn, peer->entries, &key, &value);
        if (code == MDB_SUCCESS) {
            if (share->flag) {
                void *copy = malloc(value.mv_size);
                memcpy(copy, value.mv_data, value.mv_size);
                mdb_txn_reset(txn);
                peer_add(&share->found, copy, value.mv_size);
                free(copy);
                continue;
            }
            peer_add(&share->found, value.mv_data, value.mv_size);
        } else if (code != MDB_NOTFOUND) {
            check(code, "mdb_get");
        }
        mdb_txn_reset(txn);
    }
    mdb_txn_abort(txn);
}

peer_found peer_lmdb_get(peer_lmdb *peer, peer_rows rows, int copies, int threads) {
    return peer_run(peer, rows, copies, threads, get_share);
}

peer_found peer_lmdb_range(peer_lmdb *peer, peer_rows rows, size_t length) {
    peer_found found = {0, 0};
    MDB_txn *txn = begin_reading(peer);
    for (size_t i = 0; i < rows.count; i++) {
        MDB_cursor *cursor;
        MDB_val key = key_of(&rows, i), value;
        check(mdb_txn_renew(txn), "mdb_txn_renew");
        check(mdb_cursor_open(txn, peer->entries, &cursor), "mdb_cursor_open");
        int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
        for (size_t n = 0; n < length && code == MDB_SUCCESS; n++) {
            peer_add(&found, value.mv_data, value.mv_size);
            code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
        }
        mdb_cursor_close(cursor);
        mdb_txn_reset(txn);
    }
    mdb_txn_abort(txn);
    return found;
}

peer_found peer_lmdb_scan(peer_lmdb *peer) {
    peer_found found = {0, 0};
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val key, value;
    check(mdb_txn_begin(peer->env, NULL, MDB_RDONLY, &txn), "mdb_txn_begin");
    check(mdb_cursor_open(txn, peer->entries, &cursor), "mdb_cursor_open");
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS) {
        peer_add(&found, value.mv_data, value.mv_size);
        found.sum += key.mv_size;
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    return found;
}

static MDB_txn *begin_writing(peer_lmdb *peer, int durable) {
    MDB_txn *txn;
    check(mdb_env_set_flags(peer->env, MDB_NOSYNC, !durable), "mdb_env_set_flags");
    check(mdb_txn_begin(peer->env, NULL, 0, &txn), "mdb_txn_begin");
    return txn;
}

void peer_lmdb_put(peer_lmdb *peer, peer_rows rows, size_t batch, int durable) {
    for (size_t i = 0; i < rows.count;) {
        MDB_txn *txn = begin_writing(peer, durable);
        for (size_t n = 0; n < batch && i < rows.count; n++, i++) {
            MDB_val key = key_of(&rows, i);
            MDB_val value = {rows.value_length, (void *)(rows.values + i * rows.value_length)};
            check(mdb_put(txn, peer->entries, &key, &value, 0), "mdb_put");
        }
        check(mdb_txn_commit(txn), "mdb_txn_commit");
    }
}

void peer_lmdb_remove(peer_lmdb *peer, peer_rows rows, size_t batch, int durable) {
    for (size_t i = 0; i < rows.count;) {
        MDB_txn *txn = begin_writing(peer, durable);
        for (size_t n = 0; n < batch && i < rows.count; n++, i++) {
            MDB_val key = key_of(&rows, i);
            int code = mdb_del(txn, peer->entries, &key, NULL);
            if (code != MDB_NOTFOUND) check(code, "mdb_del");
        }
        check(mdb_txn_commit(txn), "mdb_txn_commit");
    }
}

void peer_lmdb_snapshots(peer_lmdb *peer, size_t count) {
    MDB_txn *txn = begin_reading(peer);
    for (size_t i = 0; i < count; i++) {
        check(mdb_txn_renew(txn), "mdb_txn_renew");
        mdb_txn_reset(txn);
    }
    mdb_txn_abort(txn);
}

static void add(peer_lmdb *peer, MDB_txn *txn, MDB_val key, uint64_t number) {
    MDB_val value;
    uint8_t sum[256];
    check(mdb_get(txn, peer->entries, &key, &value), "mdb_get");
    peer_add_number(sum, sizeof sum, value.mv_data, value.mv_size, number);
    value.mv_data = sum;
    check(mdb_put(txn, peer->entries, &key, &value, 0), "mdb_put");
}

void peer_lmdb_add(peer_lmdb *peer, peer_rows additions) {
    size_t length = additions.key_length / 2;
    for (size_t i = 0; i < additions.count; i++) {
        uint64_t number;
        const uint8_t *keys = additions.keys + i * additions.key_length;
        memcpy(&number, additions.values + i * additions.value_length, sizeof number);
        MDB_val first = {length, (void *)keys}, second = {length, (void *)(keys + length)};
        MDB_txn *txn = begin_writing(peer, 1);
        add(peer, txn, first, number);
        add(peer, txn, second, number);
        check(mdb_txn_commit(txn), "mdb_txn_commit");
    }
}
