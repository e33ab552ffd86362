#!/usr/bin/env bash
# Library: LMDB 0.9.24 (Debian 12, liblmdb0 0.9.24-1).
# Expected: mdb_env_set_maxreaders sets the maximum number of readers of an environment, or opening the environment
#   fails.
# What happens: The lock file determines the number. If another process has the environment open, a process gets the
#   number of that process, larger or smaller. A process that opens the environment alone can raise the number of an
#   existing lock file, but not lower it. No call fails until a reader finds no free slot (MDB_READERS_FULL). After
#   opening, mdb_env_get_maxreaders returns the actual number.
# Why it matters: A program that sizes its pool of readers by its own setting runs out of slots, although it requested
#   enough.
# Source: mdb.c, mdb_env_setup_locks. The description of mdb_env_set_maxreaders in lmdb.h does not mention it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch liblmdb0=0.9.24-1 liblmdb-dev=0.9.24-1
compile -llmdb <<'END'
#include "common.h"
#include <lmdb.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { asked = 1000 };

static unsigned openWith(MDB_env **env, unsigned readers) {
    unsigned result;
    must(mdb_env_create(env));
    must(mdb_env_set_maxreaders(*env, readers));
    must(mdb_env_open(*env, "data", MDB_NOSUBDIR | MDB_NOTLS, 0600));
    must(mdb_env_get_maxreaders(*env, &result));
    return result;
}

int main(void) {
    MDB_env *env;
    puts(mdb_version(NULL, NULL, NULL));
    fflush(stdout);
    int ready[2], done[2];
    char byte = 0;
    if (pipe(ready) || pipe(done)) return 1;
    pid_t other = fork();
    if (other == 0) { /* keeps the environment open with 5 readers until the parent is done */
        alarm(30);
        close(done[1]);
        openWith(&env, 5);
        if (write(ready[1], &byte, 1) != 1 || read(done[0], &byte, 1) != 0) _exit(1);
        mdb_env_close(env);
        _exit(0);
    }
    close(done[0]);
    close(ready[1]);
    if (other < 0 || read(ready[0], &byte, 1) != 1) return 1;
    unsigned beside = openWith(&env, asked);
    int readers = 0, code = 0;
    MDB_txn *txn;
    while (readers < asked && !(code = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn))) readers++;
    printf("another process has it open with 5 readers: requested 1000, got %u; %d readers began, then \"%s\"\n",
           beside, readers, mdb_strerror(code));
    mdb_env_close(env);
    close(done[1]);
    int status;
    waitpid(other, &status, 0);

    unsigned raised = openWith(&env, asked);
    mdb_env_close(env);
    unsigned lowered = openWith(&env, 5);
    mdb_env_close(env);
    printf("alone: requested 1000, got %u\nalone, after that: requested 5, got %u\n", raised, lowered);
    return !(status == 0 && beside < asked && readers < asked && code == MDB_READERS_FULL &&
             raised >= asked && lowered >= asked);
}
END
report ./program
