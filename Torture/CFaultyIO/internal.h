/// What the files of this target share.
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

/// The function that the next library defines under this name.
#define REAL(name)                                                                                                     \
    ({                                                                                                                 \
        static __typeof__(&name) real;                                                                                 \
        if (!__atomic_load_n(&real, __ATOMIC_RELAXED))                                                                 \
            __atomic_store_n(&real, (__typeof__(&name))dlsym(RTLD_NEXT, #name), __ATOMIC_RELAXED);                     \
        __atomic_load_n(&real, __ATOMIC_RELAXED);                                                                      \
    })

/// What is to become of a call.
typedef struct {
    /// An error number to fail with; 0 to go on.
    int error;
    /// Only half of the bytes.
    bool is_short;
    /// The process dies after the call.
    bool dies;
} faulty_fate;

/// Held from the decision on a call until it is recorded, so that records are in the order of what happened.
void faulty_lock(void);
void faulty_unlock(void);

/// Whether anything is watched: looked at without the lock.
bool faulty_is_on(void);

/// Under the lock: whether the path, or the descriptor, is watched.
bool faulty_watches_path(int directory, const char *path);
bool faulty_watches(int descriptor);

/// Under the lock: counts a call and decides on it. Kills the process where that was asked for.
faulty_fate faulty_decide(int kind, const char *call, const char *path, int descriptor, size_t byte_count);
/// Under the lock: whether files may grow by so many bytes, which is then noted.
bool faulty_may_grow(long bytes);
bool faulty_skips_syncs(void);
void faulty_die(void);

/// Under the lock: the opening of a descriptor.
void faulty_opened(int descriptor, int flags);
void faulty_closed(int descriptor);
uint64_t faulty_opening(int descriptor);
int faulty_open_flags(int descriptor);

/// Under the lock: appends a record, if records are kept.
void faulty_note(uint32_t kind, uint32_t flags, uint64_t opening, uint64_t number, const void *bytes, size_t count);
void faulty_note_paths(uint32_t kind, const char *path, const char *other);
void faulty_note_write(int descriptor, off_t offset, const struct iovec *parts, int part_count, size_t written);

#endif
