#!/usr/bin/env bash
# Library: RocksDB 7.8.3 (Debian 12, librocksdb7.8 7.8.3-2), through its C interface.
# Expected: rocksdb_writebatch_wi_delete_range adds a range deletion to an indexed batch, as
#   rocksdb_writebatch_delete_range does for a plain batch, or it reports an error.
# What happens: The function is exported, returns nothing and does nothing. The size of the batch does not change, its
#   commit succeeds, and the keys remain. The C++ method returns NotSupported; the C function discards that status.
# Why it matters: A deletion is lost without an error. With an indexed batch, delete the keys one by one.
# Source: db/c.cc, rocksdb_writebatch_wi_delete_range; include/rocksdb/utilities/write_batch_with_index.h. A comment in
#   include/rocksdb/c.h warns "DO NOT USE". There is no warning at compile time or at run time.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch librocksdb7.8=7.8.3-2 librocksdb-dev=7.8.3-2 libsnappy1v5=1.1.9-3 libgflags2.2=2.2.2-2
compile -lrocksdb <<'END'
#include "common.h"
#include <rocksdb/c.h>
#include <stdio.h>

static char *error;

static int count(rocksdb_t *db) {
    rocksdb_readoptions_t *options = rocksdb_readoptions_create();
    rocksdb_iterator_t *iterator = rocksdb_create_iterator(db, options);
    int count = 0;
    for (rocksdb_iter_seek_to_first(iterator); rocksdb_iter_valid(iterator); rocksdb_iter_next(iterator)) count++;
    rocksdb_iter_get_error(iterator, &error);
    check(error);
    rocksdb_iter_destroy(iterator);
    rocksdb_readoptions_destroy(options);
    return count;
}

int main(void) {
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_writeoptions_t *write = rocksdb_writeoptions_create();
    rocksdb_t *db = rocksdb_open(options, "db", &error);
    check(error);
    rocksdb_put(db, write, "a", 1, "1", 1, &error);
    rocksdb_put(db, write, "b", 1, "1", 1, &error);
    check(error);

    rocksdb_writebatch_wi_t *indexed = rocksdb_writebatch_wi_create(0, 1);
    rocksdb_writebatch_wi_delete_range(indexed, "a", 1, "z", 1);
    int inIndexed = rocksdb_writebatch_wi_count(indexed);
    rocksdb_write_writebatch_wi(db, write, indexed, &error);
    check(error);
    int afterIndexed = count(db);
    rocksdb_writebatch_wi_destroy(indexed);

    rocksdb_writebatch_t *plain = rocksdb_writebatch_create();
    rocksdb_writebatch_delete_range(plain, "a", 1, "z", 1);
    int inPlain = rocksdb_writebatch_count(plain);
    rocksdb_write(db, write, plain, &error);
    check(error);
    int afterPlain = count(db);
    rocksdb_writebatch_destroy(plain);
    rocksdb_close(db);

    printf("two keys, range deletion in an indexed batch: %d operations in the batch, commit OK, %d keys left\n",
           inIndexed, afterIndexed);
    printf("two keys, range deletion in a plain batch: %d operation in the batch, commit OK, %d keys left\n",
           inPlain, afterPlain);
    return !(inIndexed == 0 && afterIndexed == 2 && inPlain == 1 && afterPlain == 0);
}
END
report ./program
