#!/usr/bin/env bash
# Library: LMDB 0.9.24 (Debian 12, liblmdb0 0.9.24-1).
# Expected: A search with an empty key succeeds. Nothing can be stored under this key, so mdb_get returns MDB_NOTFOUND.
#   MDB_SET_RANGE looks for the first key that is not less than it, so it finds the first key of all. A search with a
#   key that is too long to be stored works too.
# What happens: mdb_get, mdb_del and MDB_SET_RANGE return MDB_BAD_VALSIZE for an empty key. With a key of 600 bytes they
#   behave as expected, although mdb_put refuses this key with MDB_BAD_VALSIZE.
# Why it matters: A range that starts at the empty key is the usual way to express "from the first key". Such a range
#   causes an error. Use MDB_FIRST for it.
# Source: mdb.c, mdb_cursor_set. lmdb.h lists MDB_NOTFOUND and EINVAL as the errors of mdb_get.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch liblmdb0=0.9.24-1 liblmdb-dev=0.9.24-1
compile -llmdb <<'END'
#include "common.h"
#include <lmdb.h>
#include <stdio.h>
#include <string.h>

static char bytes[600];
static MDB_txn *txn;
static MDB_dbi dbi;
static MDB_cursor *cursor;

static MDB_val key(size_t length) { return (MDB_val){length, bytes}; }
static int get(MDB_val key) { MDB_val value; return mdb_get(txn, dbi, &key, &value); }
static int del(MDB_val key) { return mdb_del(txn, dbi, &key, NULL); }
static int put(MDB_val key) { MDB_val value = {1, "1"}; return mdb_put(txn, dbi, &key, &value, 0); }
static int find(MDB_val key) { MDB_val value; return mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); }

static int told(const char *what, int code) {
    printf("%-32s %s\n", what, code ? mdb_strerror(code) : "found");
    return code;
}

int main(void) {
    MDB_env *env;
    memset(bytes, 'b', sizeof bytes);
    puts(mdb_version(NULL, NULL, NULL));
    must(mdb_env_create(&env));
    must(mdb_env_open(env, "data", MDB_NOSUBDIR, 0600));
    must(mdb_txn_begin(env, NULL, 0, &txn));
    must(mdb_dbi_open(txn, NULL, 0, &dbi));
    must(put((MDB_val){1, "a"}));
    must(put((MDB_val){1, "c"}));
    must(mdb_cursor_open(txn, dbi, &cursor));
    int isAsDescribed = told("mdb_get, empty key:", get(key(0))) == MDB_BAD_VALSIZE;
    isAsDescribed &= told("mdb_del, empty key:", del(key(0))) == MDB_BAD_VALSIZE;
    isAsDescribed &= told("MDB_SET_RANGE, empty key:", find(key(0))) == MDB_BAD_VALSIZE;
    isAsDescribed &= told("mdb_put, key of 600 bytes:", put(key(600))) == MDB_BAD_VALSIZE;
    isAsDescribed &= told("mdb_get, key of 600 bytes:", get(key(600))) == MDB_NOTFOUND;
    isAsDescribed &= told("mdb_del, key of 600 bytes:", del(key(600))) == MDB_NOTFOUND;
    isAsDescribed &= told("MDB_SET_RANGE, key of 600 bytes:", find(key(600))) == 0;
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    mdb_env_close(env);
    return !isAsDescribed;
}
END
report ./program
