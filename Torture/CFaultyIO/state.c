// What is watched, the counts, and the fault.
#ifdef __linux__
#include "internal.h"
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool is_on;
static bool skips_syncs;
static char watched[PATH_MAX];
static long counts[8];
static long growth = -1;
static struct {
    int kinds;
    long nth;
    int error;
    bool stays;
} fault;
static long failures;
static char first_failure[256];
static uint64_t last_opening;
static uint64_t openings[FAULTY_DESCRIPTORS];
static int open_flags[FAULTY_DESCRIPTORS];

void faulty_lock(void) { pthread_mutex_lock(&mutex); }
void faulty_unlock(void) { pthread_mutex_unlock(&mutex); }
bool faulty_is_on(void) { return __atomic_load_n(&is_on, __ATOMIC_ACQUIRE); }

void faulty_io_watch(const char *directory) {
    faulty_lock();
    memset(&fault, 0, sizeof fault);
    memset(counts, 0, sizeof counts);
    memset(openings, 0, sizeof openings);
    failures = 0;
    growth = -1;
    skips_syncs = false;
    snprintf(watched, sizeof watched, "%s", directory ? directory : "");
    __atomic_store_n(&is_on, directory != NULL, __ATOMIC_RELEASE);
    faulty_unlock();
}

void faulty_io_fail(int kinds, long nth, int error, bool stays) {
    faulty_lock();
    fault.kinds = kinds;
    fault.nth = nth;
    fault.error = error;
    fault.stays = stays;
    faulty_unlock();
}

void faulty_io_mend(void) { faulty_io_fail(0, 0, 0, false); }

static long count_of(int kinds) {
    long count = 0;
    for (int bit = 0; bit < 8; bit++)
        if (kinds & 1 << bit) count += counts[bit];
    return count;
}

long faulty_io_count(int kinds) {
    faulty_lock();
    long count = count_of(kinds);
    faulty_unlock();
    return count;
}

long faulty_io_failures(char *text, size_t size) {
    faulty_lock();
    snprintf(text, size, "%s", failures ? first_failure : "");
    long count = failures;
    faulty_unlock();
    return count;
}

void faulty_io_limit_growth(long bytes) {
    faulty_lock();
    growth = bytes;
    faulty_unlock();
}

void faulty_io_skip_syncs(bool skips) {
    faulty_lock();
    skips_syncs = skips;
    faulty_unlock();
}

bool faulty_skips_syncs(void) { return skips_syncs; }

bool faulty_may_grow(long bytes) {
    if (growth < 0 || bytes <= 0) return true;
    if (bytes > growth) return false;
    growth -= bytes;
    return true;
}

bool faulty_watches_path(int directory, const char *path) {
    if (!path || (path[0] != '/' && directory != AT_FDCWD)) return false;
    size_t length = strlen(watched);
    return strncmp(path, watched, length) == 0 && (path[length] == '/' || path[length] == 0);
}

bool faulty_watches(int descriptor) {
    return descriptor >= 0 && descriptor < FAULTY_DESCRIPTORS && openings[descriptor] != 0;
}

void faulty_opened(int descriptor, int flags) {
    if (descriptor < 0 || descriptor >= FAULTY_DESCRIPTORS) return;
    openings[descriptor] = ++last_opening;
    open_flags[descriptor] = flags;
}

void faulty_closed(int descriptor) { openings[descriptor] = 0; }
uint64_t faulty_opening(int descriptor) { return openings[descriptor]; }
int faulty_open_flags(int descriptor) { return open_flags[descriptor]; }

void faulty_die(void) { kill(getpid(), SIGKILL); }

/// Stores the first failed call with the name of its file.
static void describe(const char *call, const char *path, int descriptor) {
    char link[64], target[PATH_MAX];
    if (!path) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t length = readlink(link, target, sizeof target - 1);
        target[length < 0 ? 0 : length] = 0;
        path = target;
    }
    const char *slash = strrchr(path, '/');
    snprintf(first_failure, sizeof first_failure, "%s %.200s", call, slash ? slash + 1 : path);
}

faulty_fate faulty_decide(int kind, const char *call, const char *path, int descriptor, size_t byte_count) {
    faulty_fate fate = {0};
    counts[__builtin_ctz((unsigned)kind)]++;
    if (!(kind & fault.kinds)) return fate;
    long count = count_of(fault.kinds);
    if (count < fault.nth || (count > fault.nth && !fault.stays)) return fate;
    bool moves_bytes = (kind & (FAULTY_WRITE | FAULTY_READ)) && byte_count > 1;
    if (fault.error == FAULTY_SHORT && !moves_bytes) return fate;
    if (failures++ == 0) describe(call, path, descriptor);
    if (fault.error > 0) fate.error = fault.error;
    if (fault.error == FAULTY_KILL || (fault.error == FAULTY_KILL_HALFWAY && !moves_bytes)) faulty_die();
    fate.is_short = fault.error == FAULTY_SHORT || fault.error == FAULTY_KILL_HALFWAY;
    fate.dies = fault.error == FAULTY_KILL_HALFWAY;
    return fate;
}
#else
#include "faulty_io.h"

void faulty_io_watch(const char *directory) { (void)directory; }
void faulty_io_fail(int kinds, long nth, int error, bool stays) { (void)kinds, (void)nth, (void)error, (void)stays; }
void faulty_io_mend(void) {}
long faulty_io_count(int kinds) { return (void)kinds, 0; }
long faulty_io_failures(char *text, size_t size) {
    if (size) *text = 0;
    return 0;
}
void faulty_io_limit_growth(long bytes) { (void)bytes; }
void faulty_io_skip_syncs(bool skips) { (void)skips; }
void faulty_io_record(bool records) { (void)records; }
void faulty_io_mark(uint64_t value) { (void)value; }
const void *faulty_io_log(size_t *size) { return *size = 0, (void *)0; }
#endif
