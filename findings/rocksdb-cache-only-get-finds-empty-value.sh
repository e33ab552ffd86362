#!/usr/bin/env bash
# Library: RocksDB 7.8.3 (Debian 12, librocksdb7.8 7.8.3-2), through its C interface.
# Expected: A get that may only use memory (read tier kBlockCacheTier) returns the value, or the error "Result
#   incomplete" if it cannot know the value without reading from the disk.
# What happens: If the table file that may hold the key is not open, the get succeeds and returns an empty value, for
#   keys that have a value and for keys that do not exist. A get through an indexed batch does the same. Only
#   rocksdb_key_may_exist reveals the case: it reports that it found no value.
# Why it matters: A program that tries memory first takes the empty value for the real one. Some files are not open if
#   there are more than max_open_files allows, for example directly after the database is opened.
# Source: db/table_cache.cc, TableCache::Get, which turns Incomplete into OK. HISTORY.md of 9.1.0 lists the fix.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch librocksdb7.8=7.8.3-2 librocksdb-dev=7.8.3-2 libsnappy1v5=1.1.9-3 libgflags2.2=2.2.2-2
compile -lrocksdb <<'END'
#include "common.h"
#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { files = 10 };
static char *error;

/* The result of a get: "value", "empty", "absent" or "incomplete". Frees the value and the error. */
static const char *kind(char *value, size_t length) {
    const char *result = value ? (length ? "value" : "empty") : "absent";
    if (error) {
        if (strncmp(error, "Result incomplete", 17)) check(error);
        result = "incomplete";
    }
    free(error);
    error = NULL;
    free(value);
    return result;
}

int main(void) {
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_options_set_disable_auto_compactions(options, 1);
    rocksdb_options_set_max_open_files(options, 20); /* the minimum of RocksDB */
    rocksdb_writeoptions_t *write = rocksdb_writeoptions_create();
    rocksdb_flushoptions_t *flush = rocksdb_flushoptions_create();
    rocksdb_readoptions_t *any = rocksdb_readoptions_create(), *cached = rocksdb_readoptions_create();
    rocksdb_readoptions_set_read_tier(cached, 1); /* kBlockCacheTier */
    char key[3];

    /* Ten table files with two keys each: 0a and 0z, 1a and 1z, and so on. */
    rocksdb_t *db = rocksdb_open(options, "db", &error);
    check(error);
    for (int file = 0; file < files; file++) {
        for (int end = 0; end < 2; end++) {
            key[0] = '0' + file;
            key[1] = end ? 'z' : 'a';
            rocksdb_put(db, write, key, 2, "hello", 5, &error);
        }
        rocksdb_flush(db, flush, &error);
        check(error);
    }
    rocksdb_close(db);

    db = rocksdb_open(options, "db", &error);
    check(error);
    rocksdb_writebatch_wi_t *batch = rocksdb_writebatch_wi_create(0, 1);
    rocksdb_writebatch_wi_put(batch, "x", 1, "own", 3);
    int emptyPresent = 0, emptyAbsent = 0, emptyBatch = 0, incomplete = 0, mayExistKnows = 0;
    for (int file = 0; file < files; file++) {
        size_t length = 0;
        unsigned char isFound = 0;
        char *value = NULL;
        key[0] = '0' + file;
        key[1] = 'a'; /* exists */
        value = rocksdb_get(db, cached, key, 2, &length, &error);
        const char *present = kind(value, length);
        value = rocksdb_writebatch_wi_get_from_batch_and_db(batch, db, cached, key, 2, &length, &error);
        const char *byBatch = kind(value, length);
        value = NULL;
        rocksdb_key_may_exist(db, cached, key, 2, &value, &length, NULL, 0, &isFound);
        free(value);
        key[1] = 'm'; /* does not exist */
        value = rocksdb_get(db, cached, key, 2, &length, &error);
        const char *absent = kind(value, length);
        printf("file %d: existing key: %-10s  missing key: %-10s  by indexed batch: %-10s  "
               "key_may_exist found a value: %s\n", file, present, absent, byBatch, isFound ? "yes" : "no");
        emptyPresent += !strcmp(present, "empty");
        emptyAbsent += !strcmp(absent, "empty");
        emptyBatch += !strcmp(byBatch, "empty");
        incomplete += !strcmp(present, "incomplete") && !strcmp(absent, "incomplete");
        mayExistKnows += !strcmp(present, "empty") && !isFound;
    }
    /* Reads from the disk return the right results. */
    size_t length = 0;
    char *value = rocksdb_get(db, any, "3a", 2, &length, &error);
    const char *present = kind(value, length);
    value = rocksdb_get(db, any, "3m", 2, &length, &error);
    const char *absent = kind(value, length);
    printf("from disk: existing key: %s, missing key: %s\n", present, absent);
    rocksdb_writebatch_wi_destroy(batch);
    rocksdb_close(db);

    printf("of %d files, %d returned an empty value for a key with a value, %d for a missing key, "
           "and %d returned \"incomplete\"\n", files, emptyPresent, emptyAbsent, incomplete);
    return !(emptyPresent && emptyAbsent && emptyBatch && incomplete && mayExistKnows == emptyPresent &&
             !strcmp(present, "value") && !strcmp(absent, "absent"));
}
END
report ./program
