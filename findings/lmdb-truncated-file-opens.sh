#!/usr/bin/env bash
# Library: LMDB 0.9.24 (Debian 12, liblmdb0 0.9.24-1).
# Expected: A data file that is shorter than its meta page says, for example a copy that was cut off, is refused when it is
#   opened.
# What happens: mdb_env_open succeeds, and so do mdb_env_stat, mdb_env_info, mdb_txn_begin, mdb_dbi_open and mdb_stat. They
#   tell how many entries there are, because all of that is in the meta page, which is the file's beginning.
# Why it matters: The first look at a missing page is beyond the end of the file, and ends the process with SIGBUS (this
#   script looks at none). Compare the length of the file with (me_last_pgno + 1) pages before the first read. But see
#   lmdb-sound-file-is-shorter-than-it-says.sh: a shorter file can be sound.
# Source: mdb.c, mdb_env_read_header and mdb_env_open2: the meta pages are read, and the size of the file is not.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download liblmdb0=0.9.24-1 liblmdb-dev=0.9.24-1
for package in *.deb; do dpkg -x "$package" root; done
lib=$(dirname "$work"/root/usr/lib/*/liblmdb.so.0)

cat > program.c <<'END'
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { entries = 1000 };

static void must(int code) {
    if (code) { printf("unexpected error: %s\n", mdb_strerror(code)); exit(1); }
}

static size_t length(const char *path) {
    struct stat status;
    return stat(path, &status) ? 0 : status.st_size;
}

int main(void) {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    char value[100] = "";
    must(mdb_env_create(&env));
    must(mdb_env_open(env, "data", MDB_NOSUBDIR, 0600));
    must(mdb_txn_begin(env, NULL, 0, &txn));
    must(mdb_dbi_open(txn, NULL, 0, &dbi));
    for (int index = 0; index < entries; index++) {
        char text[16];
        MDB_val key = {snprintf(text, sizeof text, "%d", index), text}, data = {sizeof value, value};
        must(mdb_put(txn, dbi, &key, &data, 0));
    }
    must(mdb_txn_commit(txn));
    MDB_stat status;
    must(mdb_env_stat(env, &status));
    mdb_env_close(env);
    printf("%s\nthe whole file: %zu bytes\n", mdb_version(NULL, NULL, NULL), length("data"));

    /* What is left are the two meta pages. */
    if (truncate("data", 2 * status.ms_psize)) return 1;
    MDB_envinfo info;
    must(mdb_env_create(&env));
    int opened = mdb_env_open(env, "data", MDB_NOSUBDIR, 0600);
    printf("cut to %zu bytes: mdb_env_open says \"%s\"\n", length("data"), mdb_strerror(opened));
    must(opened);
    must(mdb_env_info(env, &info));
    must(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
    must(mdb_dbi_open(txn, NULL, 0, &dbi));
    must(mdb_stat(txn, dbi, &status));
    mdb_txn_abort(txn);
    mdb_env_close(env);
    size_t needed = (info.me_last_pgno + 1) * status.ms_psize;
    printf("mdb_stat says: %zu entries; the meta page needs a file of %zu bytes\n", status.ms_entries, needed);
    return !(status.ms_entries == entries && needed > length("data"));
}
END
cc -Wall -Werror -o program program.c -Iroot/usr/include -L"$lib" -llmdb
LD_LIBRARY_PATH="$lib" ./program || { echo "NOT as described"; exit 1; }
echo "As described."
