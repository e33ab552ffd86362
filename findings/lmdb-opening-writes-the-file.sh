#!/usr/bin/env bash
# Library: LMDB 0.9.24 (Debian 12, liblmdb0 0.9.24-1).
# Expected: Opening an environment and reading from it changes no file. LMDB does not accept an empty file as an
#   environment.
# What happens: Without MDB_RDONLY, mdb_env_open creates a missing data file and writes two meta pages before any
#   transaction begins. A file of 0 bytes becomes a new, empty environment without an error. With MDB_RDONLY, opening
#   such a file fails with "Bad file descriptor", because LMDB still tries to write the meta pages. Opening a file of
#   one byte fails with MDB_INVALID.
# Why it matters: A data file that was truncated to 0 bytes opens as an empty store. In addition, LMDB creates the file
#   in place, so a process that dies meanwhile leaves an incomplete file. Create a new file under another name, and
#   check the length of an existing one.
# Source: mdb.c, mdb_env_read_header, which returns ENOENT for a file of 0 bytes; mdb_env_open2; mdb_env_init_meta.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch liblmdb0=0.9.24-1 liblmdb-dev=0.9.24-1
compile -llmdb <<'END'
#include "common.h"
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Creates a file of zeros. */
static void make(const char *path, int bytes) {
    int file = open(path, O_CREAT | O_WRONLY, 0600);
    if (file < 0 || ftruncate(file, bytes)) exit(1);
    close(file);
}

/* Opens and closes an environment. Prints the result and the length of its file before and after. */
static int openAndClose(const char *what, const char *path, unsigned flags) {
    MDB_env *env;
    long before = fileLength(path);
    if (mdb_env_create(&env)) exit(1);
    int code = mdb_env_open(env, path, MDB_NOSUBDIR | flags, 0600);
    mdb_env_close(env);
    printf("%-33s \"%s\", length before %ld, after %ld\n", what, mdb_strerror(code), before, fileLength(path));
    return code;
}

int main(void) {
    long metaPages = 2 * sysconf(_SC_PAGESIZE);
    printf("%s (length -1: no such file)\n", mdb_version(NULL, NULL, NULL));
    int missingReadOnly = openAndClose("missing file, MDB_RDONLY:", "missing", MDB_RDONLY);
    int isMade = fileLength("missing") != -1;
    int missing = openAndClose("missing file:", "missing", 0);
    make("empty", 0);
    int emptyReadOnly = openAndClose("file of 0 bytes, MDB_RDONLY:", "empty", MDB_RDONLY);
    int empty = openAndClose("file of 0 bytes:", "empty", 0);
    make("one", 1);
    int one = openAndClose("file of 1 byte:", "one", 0);
    int areMade = fileLength("missing") == metaPages && fileLength("empty") == metaPages;
    return !(missingReadOnly == ENOENT && !isMade && missing == 0 && emptyReadOnly == EBADF && empty == 0 && areMade &&
             one == MDB_INVALID && fileLength("one") == 1);
}
END
report ./program
