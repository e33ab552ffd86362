// For syscall and MADV_PAGEOUT.
#define _GNU_SOURCE

#include "peers.h"

#include <stdatomic.h>

static atomic_long delay_microseconds;
static atomic_long sync_count;
static atomic_long sync_nanoseconds;

void peer_delay_syncs(long microseconds) { atomic_store(&delay_microseconds, microseconds); }

peer_syncs peer_take_syncs(void) {
    peer_syncs syncs;
    syncs.count = atomic_exchange(&sync_count, 0);
    syncs.nanoseconds = atomic_exchange(&sync_nanoseconds, 0);
    return syncs;
}

#if defined(__linux__)

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

/// Replaces the C library's function, also for the engines. Counts, measures and delays syncs.
int fdatasync(int file) {
    long start = nanoseconds();
    long delay = atomic_load(&delay_microseconds);
    struct timespec pause = {delay / 1000000, delay % 1000000 * 1000};
    if (delay > 0) nanosleep(&pause, NULL);
    int result = (int)syscall(SYS_fdatasync, file);
    atomic_fetch_add(&sync_count, 1);
    atomic_fetch_add(&sync_nanoseconds, nanoseconds() - start);
    return result;
}

static void evict_files(const char *directory) {
    DIR *listing = opendir(directory);
    if (!listing) return;
    struct dirent *entry;
    char path[4096];
    while ((entry = readdir(listing))) {
        if (entry->d_type != DT_REG) continue;
        if (snprintf(path, sizeof path, "%s/%s", directory, entry->d_name) >= (int)sizeof path) continue;
        int file = open(path, O_RDONLY);
        if (file < 0) continue;
        posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        close(file);
    }
    closedir(listing);
}

/// The system does not drop pages that a process has mapped, unless that process releases them.
static void evict_maps(const char *directory) {
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[4096];
    unsigned long start, end;
    if (!maps) return;
    while (fgets(line, sizeof line, maps)) {
        if (strstr(line, directory) && sscanf(line, "%lx-%lx", &start, &end) == 2) {
#ifdef MADV_PAGEOUT
            madvise((void *)start, end - start, MADV_PAGEOUT);
#endif
        }
    }
    fclose(maps);
}

void peer_evict(const char *directory) {
    evict_maps(directory);
    evict_files(directory);
}

uint64_t peer_bytes_read(void) {
    FILE *file = fopen("/proc/self/io", "r");
    unsigned long long bytes = 0;
    char line[256];
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "read_bytes: %llu", &bytes) == 1) break;
    }
    fclose(file);
    return bytes;
}

#else

void peer_evict(const char *directory) { (void)directory; }
uint64_t peer_bytes_read(void) { return 0; }

#endif
