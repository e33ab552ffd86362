#!/usr/bin/env bash
# Library: RocksDB 7.8.3 (Debian 12, librocksdb7.8 7.8.3-2), through its C interface.
# Expected: A scan that meets a block that it cannot read, or must not wait for, ends with an error. With the read tier
#   kBlockCacheTier the error is "Result incomplete".
# What happens: If a file contains a range tombstone, the scan can skip the entries of the unread block, then continue
#   with other entries or end, and report OK. With a deletion of the single key instead of the range, it reports the
#   error.
# Why it matters: The scan misses existing entries without an error. This script shows the harmless case, a read that
#   may only use memory. The same code loses the error for a damaged block or a failing disk.
# Source: table/merging_iterator.cc, MergingIterator::SeekImpl, which forgets the status of newer files when it seeks
#   past a tombstone. Pull request 11786; HISTORY.md of 8.7.0 lists the fix.
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

/* Writes the keys that a scan finds below `upper`, and its status, for example "a b | OK". */
static void scan(rocksdb_t *db, int tier, const char *upper, char *result) {
    rocksdb_readoptions_t *options = rocksdb_readoptions_create();
    rocksdb_readoptions_set_read_tier(options, tier);
    rocksdb_readoptions_set_iterate_upper_bound(options, upper, strlen(upper));
    rocksdb_iterator_t *iterator = rocksdb_create_iterator(db, options);
    result[0] = 0;
    for (rocksdb_iter_seek_to_first(iterator); rocksdb_iter_valid(iterator); rocksdb_iter_next(iterator)) {
        size_t length;
        const char *key = rocksdb_iter_key(iterator, &length);
        strncat(result, key, length);
        strcat(result, " ");
    }
    if (!result[0]) strcpy(result, "(none) ");
    char *status = NULL;
    rocksdb_iter_get_error(iterator, &status);
    strcat(result, "| ");
    strncat(result, status ? status : "OK", 60);
    free(status);
    rocksdb_iter_destroy(iterator);
    rocksdb_readoptions_destroy(options);
}

/* Creates three files: the oldest with f and h, the next with a deletion of f, the newest with a and b. After the
   database is reopened, only the block of the oldest file is in memory. */
static void run(const char *path, int deletesRange, char results[3][99]) {
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_options_set_disable_auto_compactions(options, 1);
    rocksdb_writeoptions_t *write = rocksdb_writeoptions_create();
    rocksdb_flushoptions_t *flush = rocksdb_flushoptions_create();
    rocksdb_readoptions_t *any = rocksdb_readoptions_create();
    rocksdb_t *db = rocksdb_open(options, path, &error);
    check(error);
    rocksdb_put(db, write, "f", 1, "1", 1, &error);
    rocksdb_put(db, write, "h", 1, "1", 1, &error);
    rocksdb_flush(db, flush, &error);
    if (deletesRange) {
        rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
        rocksdb_writebatch_delete_range(batch, "f", 1, "g", 1);
        rocksdb_write(db, write, batch, &error);
        rocksdb_writebatch_destroy(batch);
    } else {
        rocksdb_delete(db, write, "f", 1, &error);
    }
    rocksdb_flush(db, flush, &error);
    rocksdb_put(db, write, "a", 1, "1", 1, &error);
    rocksdb_put(db, write, "b", 1, "1", 1, &error);
    rocksdb_flush(db, flush, &error);
    check(error);
    rocksdb_close(db);

    db = rocksdb_open(options, path, &error);
    check(error);
    size_t length;
    free(rocksdb_get(db, any, "h", 1, &length, &error)); /* loads its block into memory */
    check(error);
    scan(db, 1, "z", results[0]);
    scan(db, 1, "g", results[1]);
    scan(db, 0, "z", results[2]);
    rocksdb_close(db);
    printf("%s deleted:\n  memory only, all:     %s\n  memory only, up to g: %s\n  from disk, all:       %s\n",
           deletesRange ? "a range with f" : "the key f", results[0], results[1], results[2]);
}

int main(void) {
    char single[3][99], range[3][99];
    run("single", 0, single);
    run("range", 1, range);
    return !(strstr(single[0], "Result incomplete") && strstr(single[1], "Result incomplete") &&
             !strcmp(single[2], "a b h | OK") && !strcmp(range[0], "h | OK") && !strcmp(range[1], "(none) | OK") &&
             !strcmp(range[2], "a b h | OK"));
}
END
report ./program
