#!/usr/bin/env bash
# Library: LMDB 0.9.24 (Debian 12, liblmdb0 0.9.24-1).
# Expected: When mdb_env_set_mapsize fails, the environment is as before, with its old map.
# What happens: The old map is given up before the new one is asked for. When the system does not grant that, here because
#   the address space of the process is limited, the call returns ENOMEM and the environment has no map at all.
# Why it matters: Any read after that, mdb_env_info included, looks at memory that is not there and ends the process (this
#   script makes none; it looks at the list of maps). Try first whether the system has room for a map of that size, and
#   after a failure use the environment only to close it.
# Source: mdb.c, mdb_env_set_mapsize (munmap, then mdb_env_map). lmdb.h names EINVAL as its error and says nothing of this.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download liblmdb0=0.9.24-1 liblmdb-dev=0.9.24-1
for package in *.deb; do dpkg -x "$package" root; done
lib=$(dirname "$work"/root/usr/lib/*/liblmdb.so.0)

cat > program.c <<'END'
#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static void must(int code) {
    if (code) { printf("unexpected error: %s\n", mdb_strerror(code)); exit(1); }
}

/* How many maps of the data file this process has. */
static int maps(const char *when) {
    char line[4096];
    int count = 0;
    FILE *file = fopen("/proc/self/maps", "r");
    if (!file) exit(1);
    while (fgets(line, sizeof line, file)) {
        if (strstr(line, "/environment\n")) count++;
    }
    fclose(file);
    printf("%-30s %d\n", when, count);
    return count;
}

int main(void) {
    MDB_env *env;
    MDB_txn *txn;
    printf("%s\nmaps of the data file:\n", mdb_version(NULL, NULL, NULL));
    must(mdb_env_create(&env));
    must(mdb_env_set_mapsize(env, 16 << 20));
    must(mdb_env_open(env, "environment", MDB_NOSUBDIR, 0600));
    must(mdb_txn_begin(env, NULL, 0, &txn));
    must(mdb_txn_commit(txn));
    int opened = maps("after opening");
    must(mdb_env_set_mapsize(env, 32 << 20));
    int grown = maps("after growing to 32 MiB");

    struct rlimit limit = {1ul << 30, 1ul << 30};
    must(setrlimit(RLIMIT_AS, &limit));
    int code = mdb_env_set_mapsize(env, 2ul << 30);
    printf("growing to 2 GiB, with a limit of 1 GiB: \"%s\"\n", mdb_strerror(code));
    int lost = maps("after that");
    mdb_env_close(env);
    return !(opened == 1 && grown == 1 && code == ENOMEM && lost == 0);
}
END
cc -Wall -Werror -o program program.c -Iroot/usr/include -L"$lib" -llmdb
LD_LIBRARY_PATH="$lib" ./program || { echo "NOT as described"; exit 1; }
echo "As described."
