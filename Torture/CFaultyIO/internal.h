/// Declarations shared by the files of this target.
#ifndef FAULTY_IO_INTERNAL_H
#define FAULTY_IO_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "faulty_io.h"
#include <dlfcn.h>
#include <errno.h>
#include <sys/types.h>
#include <sys/uio.h>

#define FAULTY_DESCRIPTORS 65536

/// The definition of this function in the next library.
#define REAL(name)                                                                                                     \
    ({                                                                                                                 \
        static __typeof__(&name) real;                                                                                 \
        if (!__atomic_load_n(&real, __ATOMIC_RELAXED))                                                                 \
            __atomic_store_n(&real, (__typeof__(&name))dlsym(RTLD_NEXT, #name), __ATOMIC_RELAXED);                     \
        __atomic_load_n(&real, __ATOMIC_RELAXED);                                                                      \
    })

/// The decision on a call.
typedef struct {
    /// The error number to fail with; 0 to continue.
    int error;
    /// Whether to transfer only half of the bytes.
    bool is_short;
    /// Whether the process is killed after the call.
    bool dies;
} faulty_fate;

/// Held from the decision on a call until it is recorded, so that records are in the order of the calls.
void faulty_lock(void);
void faulty_unlock(void);

/// Whether anything is watched. Reads without the lock.
bool faulty_is_on(void);

/// Requires the lock. Whether the path or the descriptor is watched.
bool faulty_watches_path(int directory, const char *path);
bool faulty_watches(int descriptor);

/// Requires the lock. Counts a call and decides on it. Kills the process if the fault requires it.
faulty_fate faulty_decide(int kind, const char *call, const char *path, int descriptor, size_t byte_count);
/// Requires the lock. Whether files may grow by this many bytes. If so, the growth is counted.
bool faulty_may_grow(long bytes);
bool faulty_skips_syncs(void);
void faulty_die(void);

/// Requires the lock. Tracks the open call that belongs to a descriptor.
void faulty_opened(int descriptor, int flags);
void faulty_closed(int descriptor);
uint64_t faulty_opening(int descriptor);
int faulty_open_flags(int descriptor);

/// Requires the lock. Appends a record if recording is on.
void faulty_note(uint32_t kind, uint32_t flags, uint64_t opening, uint64_t number, const void *bytes, size_t count);
void faulty_note_paths(uint32_t kind, const char *path, const char *other);
void faulty_note_write(int descriptor, off_t offset, const struct iovec *parts, int part_count, size_t written);

#endif
