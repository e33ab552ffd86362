#!/usr/bin/env bash
# Library: RocksDB 7.8.3 (Debian 12, librocksdb7.8 7.8.3-2), through its C interface.
# Expected: Closing a database frees its memory.
# What happens: If another database of the process is open, each database that is opened and closed leaves about 400
#   bytes behind. They belong to its statistics timers and remain until the timers would have run, up to ten minutes
#   later. With both statistics periods set to 0 the memory is freed within ten seconds, the period of the remaining
#   timer.
# Why it matters: The memory of a program that constantly opens and closes databases grows. A leak test reports a leak.
# Source: util/timer.h, Timer::Cancel, which marks a task as cancelled and leaves it in the heap until it is due;
#   db/periodic_task_scheduler.cc. The options stats_dump_period_sec and stats_persist_period_sec are 600 by default.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch librocksdb7.8=7.8.3-2 librocksdb-dev=7.8.3-2 libsnappy1v5=1.1.9-3 libgflags2.2=2.2.2-2
compile -lrocksdb <<'END'
#include "common.h"
#include <malloc.h>
#include <rocksdb/c.h>
#include <stdio.h>
#include <unistd.h>

enum { warmUps = 10, rounds = 120 };
static char *error;

static void openAndClose(rocksdb_options_t *options, const char *path) {
    rocksdb_t *db = rocksdb_open(options, path, &error);
    check(error);
    rocksdb_close(db);
}

/* Prints the growth of the allocated memory after many openings, and some seconds later. */
int main(int count, char **arguments) {
    int hasStatistics = count > 1;
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_options_set_keep_log_file_num(options, 2);
    if (!hasStatistics) {
        rocksdb_options_set_stats_dump_period_sec(options, 0);
        rocksdb_options_set_stats_persist_period_sec(options, 0);
    }
    const char *name = hasStatistics ? "default" : "none";
    char kept[32], other[32];
    snprintf(kept, sizeof kept, "%s-kept", name);
    snprintf(other, sizeof other, "%s-other", name);
    rocksdb_t *db = rocksdb_open(options, kept, &error);
    check(error);
    for (int round = 0; round < warmUps; round++) openAndClose(options, other);
    size_t before = mallinfo2().uordblks;
    for (int round = 0; round < rounds; round++) openAndClose(options, other);
    size_t after = mallinfo2().uordblks;
    sleep(12);
    size_t later = mallinfo2().uordblks;
    rocksdb_close(db);
    printf("%ld %ld\n", (long)(after - before), (long)(later - before));
    return 0;
}
END
# Disables the allocator's thread caches, so that freed memory counts as free.
export GLIBC_TUNABLES=glibc.malloc.tcache_count=0
./program default > default.txt & first=$!
./program > none.txt & second=$!
wait "$first"
wait "$second"
read -r after later < default.txt
read -r afterNone laterNone < none.txt
echo "120 databases opened and closed, default statistics periods: $after bytes more, 12 seconds later $later"
echo "the same with both statistics periods 0:                     $afterNone bytes more, 12 seconds later $laterNone"
report let "later > 30000 && laterNone < 15000"
