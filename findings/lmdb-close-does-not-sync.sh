#!/usr/bin/env bash
# Library: LMDB 0.9.24 (Debian 12, liblmdb0 0.9.24-1).
# Expected: Commits made with MDB_NOSYNC leave data in the operating system's cache. Closing the environment writes this
#   data to the disk, as in many stores.
# What happens: mdb_env_close does not call fsync, fdatasync or msync. It does not write to a file that is open for
#   synchronous writing. It returns nothing, so it could not report a failure either.
# Why it matters: A program that closes its environment correctly can still lose these commits, or the whole file, when
#   the power fails. Call mdb_env_sync(env, 1) first. Without force, mdb_env_sync does nothing while MDB_NOSYNC is set.
# Source: mdb.c, mdb_env_close0. The description of mdb_env_close in lmdb.h does not mention it. The program counts the
#   calls with its own functions, which replace those of the C library.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch liblmdb0=0.9.24-1 liblmdb-dev=0.9.24-1
compile -llmdb <<'END'
#include "common.h"
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static int syncs; /* calls that write to the disk */

int fsync(int file) { NEXT(fsync); syncs++; return next(file); }
int fdatasync(int file) { NEXT(fdatasync); syncs++; return next(file); }
int msync(void *start, size_t length, int flags) { NEXT(msync); syncs++; return next(start, length, flags); }

/* Counts only writes to files that are open for synchronous writing. LMDB writes its meta pages through such a file. */
ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
    NEXT(pwrite);
    if (fcntl(file, F_GETFL) & O_DSYNC) syncs++;
    return next(file, bytes, length, offset);
}

static int counted(const char *what) {
    int count = syncs;
    printf("%-42s %d\n", what, count);
    syncs = 0;
    return count;
}

static void commit(MDB_env *env) {
    MDB_txn *txn;
    MDB_dbi dbi;
    MDB_val key = {1, "a"}, value = {1, "1"};
    must(mdb_txn_begin(env, NULL, 0, &txn));
    must(mdb_dbi_open(txn, NULL, 0, &dbi));
    must(mdb_put(txn, dbi, &key, &value, 0));
    must(mdb_txn_commit(txn));
}

int main(void) {
    MDB_env *env;
    printf("%s\ncalls that write to the disk:\n", mdb_version(NULL, NULL, NULL));
    must(mdb_env_create(&env));
    must(mdb_env_open(env, "data", MDB_NOSUBDIR, 0600));
    syncs = 0;
    commit(env);
    int durable = counted("a commit with default flags");
    must(mdb_env_set_flags(env, MDB_NOSYNC, 1));
    commit(env);
    int buffered = counted("a commit with MDB_NOSYNC");
    must(mdb_env_sync(env, 0));
    int gentle = counted("mdb_env_sync without force");
    mdb_env_close(env);
    int closing = counted("mdb_env_close");

    must(mdb_env_create(&env));
    must(mdb_env_open(env, "data", MDB_NOSUBDIR | MDB_NOSYNC, 0600));
    commit(env);
    syncs = 0;
    must(mdb_env_sync(env, 1));
    int forced = counted("mdb_env_sync with force");
    mdb_env_close(env);
    return !(durable == 2 && buffered == 0 && gentle == 0 && closing == 0 && forced == 1);
}
END
report ./program
