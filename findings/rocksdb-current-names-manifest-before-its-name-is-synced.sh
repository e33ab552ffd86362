#!/usr/bin/env bash
# Library: RocksDB 7.8.3 (Debian 12, librocksdb7.8 7.8.3-2), through its C interface.
# Expected: Before the file CURRENT names a new MANIFEST, the content of the MANIFEST and its name in the directory are
#   both on the disk.
# What happens: RocksDB syncs the content of the MANIFEST. It syncs the directory only after it has renamed CURRENT, not
#   between the creation of the MANIFEST and the rename. This applies to every MANIFEST, at the first opening and at
#   later ones.
# Why it matters: If the file system does not preserve the order of the two changes, CURRENT can name a missing file
#   after a power failure. RocksDB relies on a journal that preserves it. A model of power failure must preserve it too.
# Source: file/filename.cc, SetCurrentFile; db/version_set.cc, ProcessManifestWrites. The program observes the calls
#   with its own functions, which replace those of the C library.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch librocksdb7.8=7.8.3-2 librocksdb-dev=7.8.3-2 libsnappy1v5=1.1.9-3 libgflags2.2=2.2.2-2
compile -lrocksdb <<'END'
#include "common.h"
#include <fcntl.h>
#include <limits.h>
#include <rocksdb/c.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int unsynced;          /* whether a MANIFEST was created and its directory not synced since */
static int early, inTime;     /* how often CURRENT was renamed with and without such a MANIFEST */

static const char *last(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

int open(const char *path, int flags, ...) {
    NEXT(open);
    va_list rest;
    va_start(rest, flags);
    int mode = flags & O_CREAT ? va_arg(rest, int) : 0;
    va_end(rest);
    if (flags & O_CREAT && !strncmp(last(path), "MANIFEST", 8)) {
        printf("  create %s\n", last(path));
        unsynced = 1;
    }
    return next(path, flags, mode);
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    if (!strcmp(last(to), "CURRENT")) {
        printf("  rename %s to CURRENT\n", last(from));
        if (unsynced) early++;
        else inTime++;
    }
    return next(from, to);
}

static void synced(int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    if (isDirectory(file)) {
        printf("  sync the directory\n");
        unsynced = 0;
    } else if (!strncmp(last(path), "MANIFEST", 8)) {
        printf("  sync %s\n", last(path));
    }
}

int fsync(int file) { NEXT(fsync); synced(file); return next(file); }
int fdatasync(int file) { NEXT(fdatasync); synced(file); return next(file); }

int main(void) {
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_options_set_create_if_missing(options, 1);
    for (int round = 0; round < 2; round++) {
        char *error = NULL;
        printf(round ? "second opening\n" : "first opening\n");
        rocksdb_t *db = rocksdb_open(options, "db", &error);
        check(error);
        rocksdb_close(db);
    }
    printf("renames of CURRENT before a sync of the directory with the new MANIFEST: %d, after one: %d\n",
           early, inTime);
    return !(early >= 2 && inTime == 0);
}
END
report ./program
