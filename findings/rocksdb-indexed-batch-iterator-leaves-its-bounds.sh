#!/usr/bin/env bash
# Library: RocksDB 7.8.3 (Debian 12, librocksdb7.8 7.8.3-2), through its C interface.
# Expected: An iterator over a database has an iterate_lower_bound and an iterate_upper_bound. An iterator over an
#   indexed batch on top of it (rocksdb_writebatch_wi_create_iterator_with_base) stays within these bounds too.
# What happens: The bounds only apply to the entries of the database. The iterator returns all entries of the batch,
#   before the range, in it and after it, forward and in reverse.
# Why it matters: A program that deletes or compares the entries of a range through such an iterator touches keys
#   outside the range. The caller must compare each key with the bounds, and must first seek to the lower bound.
# Source: db/c.cc, which passes no read options to NewIteratorWithBase. Issue 6814. HISTORY.md of 8.8.0 lists the fix
#   for C++. A C function with read options came later.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch librocksdb7.8=7.8.3-2 librocksdb-dev=7.8.3-2 libsnappy1v5=1.1.9-3 libgflags2.2=2.2.2-2
compile -lrocksdb <<'END'
#include "common.h"
#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *error;

/* The keys that `iterator` returns. Destroys the iterator. */
static char *keys(rocksdb_iterator_t *iterator, int isReverse) {
    char *result = calloc(1, 99);
    if (isReverse) rocksdb_iter_seek_to_last(iterator);
    else rocksdb_iter_seek_to_first(iterator);
    while (rocksdb_iter_valid(iterator)) {
        size_t length;
        const char *key = rocksdb_iter_key(iterator, &length);
        if (result[0]) strcat(result, " ");
        strncat(result, key, length);
        if (isReverse) rocksdb_iter_prev(iterator);
        else rocksdb_iter_next(iterator);
    }
    rocksdb_iter_get_error(iterator, &error);
    check(error);
    rocksdb_iter_destroy(iterator);
    return result;
}

int main(void) {
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_writeoptions_t *write = rocksdb_writeoptions_create();
    rocksdb_readoptions_t *range = rocksdb_readoptions_create();
    rocksdb_readoptions_set_iterate_lower_bound(range, "c", 1);
    rocksdb_readoptions_set_iterate_upper_bound(range, "d", 1);
    rocksdb_t *db = rocksdb_open(options, "db", &error);
    check(error);
    rocksdb_writebatch_wi_t *batch = rocksdb_writebatch_wi_create(0, 1);
    for (const char *letter = "ace"; *letter; letter++) {
        char stored[] = {*letter, '1'}, own[] = {*letter, '2'};
        rocksdb_put(db, write, stored, 2, "1", 1, &error);
        rocksdb_writebatch_wi_put(batch, own, 2, "1", 1);
    }
    check(error);
    char *base = keys(rocksdb_create_iterator(db, range), 0);
    char *forward = keys(rocksdb_writebatch_wi_create_iterator_with_base(batch, rocksdb_create_iterator(db, range)), 0);
    char *reverse = keys(rocksdb_writebatch_wi_create_iterator_with_base(batch, rocksdb_create_iterator(db, range)), 1);
    rocksdb_writebatch_wi_destroy(batch);
    rocksdb_close(db);

    printf("the database holds a1 c1 e1, the batch holds a2 c2 e2, the bounds are c (included) and d (excluded)\n");
    printf("database alone:            %s\nwith the batch:            %s\nwith the batch, reverse:   %s\n",
           base, forward, reverse);
    return !(!strcmp(base, "c1") && !strcmp(forward, "a2 c1 c2 e2") && !strcmp(reverse, "e2 c2 c1 a2"));
}
END
report ./program
