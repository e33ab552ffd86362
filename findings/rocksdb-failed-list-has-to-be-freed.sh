#!/usr/bin/env bash
# Library: RocksDB 7.8.3 (Debian 12, librocksdb7.8 7.8.3-2), through its C interface.
# Expected: A C function that reports an error returns nothing to free, as rocksdb_open and rocksdb_get do.
# What happens: rocksdb_list_column_families reports the error and returns an empty list. The list is not NULL and uses
#   memory. Like a full list, it must be passed to rocksdb_list_column_families_destroy.
# Why it matters: A caller that returns on the error leaks a block on each call. A program that checks whether a
#   database exists runs into exactly this error.
# Source: db/c.cc, rocksdb_list_column_families, which allocates the list regardless of the status.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch librocksdb7.8=7.8.3-2 librocksdb-dev=7.8.3-2 libsnappy1v5=1.1.9-3 libgflags2.2=2.2.2-2
compile -lrocksdb <<'END'
#include <malloc.h>
#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>

enum { rounds = 1000 };

/* The growth of the allocated memory after many calls for the families of a directory without a database. */
static long grown(rocksdb_options_t *options, int frees) {
    size_t before = 0;
    for (int round = 0; round <= rounds; round++) {
        if (round == 1) before = mallinfo2().uordblks; /* the first call allocates lasting memory */
        char *error = NULL;
        size_t count = 99;
        char **list = rocksdb_list_column_families(options, "nothing", &count, &error);
        if (round == 0 && frees == 0) {
            printf("error: %s\nlist: %s, %zu names\n", error ? error : "none", list ? "not NULL" : "NULL", count);
        }
        if (!error || !list || count != 0) exit(1);
        free(error);
        if (frees) rocksdb_list_column_families_destroy(list, count);
    }
    return mallinfo2().uordblks - before;
}

int main(void) {
    rocksdb_options_t *options = rocksdb_options_create();
    long left = grown(options, 0), freed = grown(options, 1);
    printf("1000 failed calls: %ld bytes more if the lists are not freed, %ld bytes if they are\n", left, freed);
    return !(left >= 16 * rounds && freed < rounds);
}
END
report ./program
