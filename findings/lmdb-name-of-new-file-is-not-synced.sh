#!/usr/bin/env bash
# Library: LMDB 0.9.24 (Debian 12, liblmdb0 0.9.24-1).
# Expected: A power failure after the first durable commit to a new environment loses nothing.
# What happens: The commit syncs the data file with fdatasync. No call syncs the directory, which holds the file's name:
#   mdb_env_open creates the file, but it does not sync the directory. mdb_txn_commit and mdb_env_close do not either.
# Why it matters: By POSIX the name of a new file is safe only after a sync of its directory. Some file systems do not
#   sync it on their own. There, a power failure can remove the whole store with all acknowledged commits. Sync the
#   directory yourself.
# Source: mdb.c, mdb_env_open and mdb_env_sync: no call syncs the directory. The program counts the calls with its own
#   functions, which replace those of the C library.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch liblmdb0=0.9.24-1 liblmdb-dev=0.9.24-1
compile -llmdb <<'END'
#include "common.h"
#include <lmdb.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int files, directories; /* the number of syncs of each kind */

static void synced(int file) {
    if (isDirectory(file)) directories++;
    else files++;
}

int fsync(int file) { NEXT(fsync); synced(file); return next(file); }
int fdatasync(int file) { NEXT(fdatasync); synced(file); return next(file); }

int main(void) {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    MDB_val key = {1, "a"}, value = {1, "1"};
    puts(mdb_version(NULL, NULL, NULL));
    must(mkdir("store", 0700));
    must(mdb_env_create(&env));
    must(mdb_env_open(env, "store", 0, 0600));
    must(mdb_txn_begin(env, NULL, 0, &txn));
    must(mdb_dbi_open(txn, NULL, 0, &dbi));
    must(mdb_put(txn, dbi, &key, &value, 0));
    must(mdb_txn_commit(txn));
    mdb_env_close(env);
    printf("after one durable commit to a new environment and a close: %d sync of a file, %d of a directory\n",
           files, directories);
    return !(files == 1 && directories == 0);
}
END
report ./program
