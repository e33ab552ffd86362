#!/usr/bin/env bash
# Library: LMDB 0.9.24 (Debian 12, liblmdb0 0.9.24-1).
# Expected: The data file of an intact environment has at least (me_last_pgno + 1) pages. mdb_env_info returns
#   me_last_pgno.
# What happens: The file is shorter after a transaction that wrote a large value and deleted it again. The transaction
#   allocated and counted the pages, but freed them before the commit and never wrote them. They are in the list of free
#   pages. The next transaction that needs them extends the file.
# Why it matters: A check for truncated files that only compares the lengths refuses intact files. It must check whether
#   all missing pages are free.
# Source: mdb.c, mdb_ovpage_free returns the pages to the list of free pages and does not change mt_next_pgno.
#   mdb_env_write_meta derives mm_last_pg from mt_next_pgno.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch liblmdb0=0.9.24-1 liblmdb-dev=0.9.24-1
compile -llmdb <<'END'
#include "common.h"
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { large = 200000 };
static MDB_env *env;
static MDB_dbi dbi;

static MDB_txn *begin(unsigned flags) {
    MDB_txn *txn;
    must(mdb_txn_begin(env, NULL, flags, &txn));
    must(mdb_dbi_open(txn, NULL, 0, &dbi));
    return txn;
}

static void put(MDB_txn *txn, const char *name, size_t length) {
    MDB_val key = {strlen(name), (void *)name}, data = {length, calloc(1, length)};
    must(mdb_put(txn, dbi, &key, &data, 0));
    free(data.mv_data);
}

/* Prints the length of the file and the length that LMDB reports. Returns whether the file is shorter. */
static int isShort(const char *when) {
    size_t length = fileLength("data");
    MDB_envinfo info;
    MDB_stat status;
    must(mdb_env_info(env, &info));
    must(mdb_env_stat(env, &status));
    size_t needed = (info.me_last_pgno + 1) * status.ms_psize;
    printf("%-44s %zu bytes, me_last_pgno needs %zu\n", when, length, needed);
    return length < needed;
}

static void openIt(void) {
    must(mdb_env_create(&env));
    must(mdb_env_open(env, "data", MDB_NOSUBDIR, 0600));
}

/* Reads all entries and returns their number. */
static int readAll(void) {
    MDB_txn *txn = begin(MDB_RDONLY);
    MDB_cursor *cursor;
    MDB_val key, data;
    int count = 0;
    must(mdb_cursor_open(txn, dbi, &cursor));
    while (!mdb_cursor_get(cursor, &key, &data, MDB_NEXT)) count++;
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    return count;
}

int main(void) {
    puts(mdb_version(NULL, NULL, NULL));
    openIt();
    for (int index = 0; index < 20; index++) {
        char name[16];
        snprintf(name, sizeof name, "%d", index);
        MDB_txn *txn = begin(0);
        put(txn, name, 1);
        must(mdb_txn_commit(txn));
    }
    int before = isShort("after 20 commits:");
    MDB_txn *txn = begin(0);
    put(txn, "large", large);
    MDB_val key = {5, "large"};
    must(mdb_del(txn, dbi, &key, NULL));
    must(mdb_txn_commit(txn));
    int after = isShort("after writing and deleting a large value:");
    mdb_env_close(env);

    openIt();
    int count = readAll();
    printf("after reopening: a scan reads %d entries\n", count);
    txn = begin(0);
    put(txn, "large", large);
    must(mdb_txn_commit(txn));
    int healed = isShort("after writing a large value and keeping it:");
    mdb_env_close(env);
    return !(!before && after && count == 20 && !healed);
}
END
report ./program
