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

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download liblmdb0=0.9.24-1 liblmdb-dev=0.9.24-1
for package in *.deb; do dpkg -x "$package" root; done
lib=$(dirname "$work"/root/usr/lib/*/liblmdb.so.0)

cat > program.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int syncs; /* calls that write to the disk */

#define NEXT(type, name) static type; if (!next) next = dlsym(RTLD_NEXT, name); syncs++

int fsync(int file) { NEXT(int (*next)(int), "fsync"); return next(file); }
int fdatasync(int file) { NEXT(int (*next)(int), "fdatasync"); return next(file); }
int msync(void *start, size_t length, int flags) { NEXT(int (*next)(void *, size_t, int), "msync"); return next(start, length, flags); }

/* Counts only writes to files that are open for synchronous writing. LMDB writes its meta pages through such a file. */
ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
    NEXT(ssize_t (*next)(int, const void *, size_t, off_t), "pwrite");
    if (!(fcntl(file, F_GETFL) & O_DSYNC)) syncs--;
    return next(file, bytes, length, offset);
}

static void must(int code) {
    if (code) { printf("unexpected error: %s\n", mdb_strerror(code)); exit(1); }
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
cc -Wall -Werror -o program program.c -Iroot/usr/include -L"$lib" -llmdb -ldl
LD_LIBRARY_PATH="$lib" ./program || { echo "NOT as described"; exit 1; }
echo "As described."
