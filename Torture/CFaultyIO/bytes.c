// Reading, writing and syncing open files.
#ifdef __linux__
#include "internal.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// The number of bytes by which a write extends its file.
static long growth_of(int descriptor, off_t end) {
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    return end > status.st_size ? (long)(end - status.st_size) : 0;
}

/// Performs a write of any kind.
///
/// @param offset the file offset; negative for the current position.
static ssize_t put(const char *call, int descriptor, const struct iovec *parts, int count, off_t offset) {
    size_t total = 0;
    for (int index = 0; index < count; index++) total += parts[index].iov_len;
    faulty_fate fate = faulty_decide(FAULTY_WRITE, call, NULL, descriptor, total);
    off_t begin = offset;
    if (begin < 0) {
        bool appends = faulty_open_flags(descriptor) & O_APPEND;
        begin = lseek(descriptor, 0, appends ? SEEK_END : SEEK_CUR);
    }
    if (!fate.error && !faulty_may_grow(growth_of(descriptor, begin + (off_t)total))) fate.error = ENOSPC;
    if (fate.error) {
        errno = fate.error;
        return -1;
    }
    struct iovec half[64];
    if (fate.is_short) {
        size_t left = total / 2;
        int used = 0;
        for (; used < count && used < 64 && left > 0; used++) {
            half[used] = parts[used];
            if (half[used].iov_len > left) half[used].iov_len = left;
            left -= half[used].iov_len;
        }
        parts = half;
        count = used;
    }
    ssize_t written = offset < 0 ? REAL(writev)(descriptor, parts, count)
                                 : REAL(pwritev)(descriptor, parts, count, offset);
    if (fate.dies) faulty_die();
    if (written > 0) faulty_note_write(descriptor, begin, parts, count, (size_t)written);
    return written;
}

#define WHEN_WATCHED(descriptor, watched, otherwise)                                                                   \
    if (!faulty_is_on()) return otherwise;                                                                             \
    faulty_lock();                                                                                                     \
    bool is_watched = faulty_watches(descriptor);                                                                      \
    __typeof__(otherwise) result = is_watched ? (watched) : 0;                                                         \
    int error = errno;                                                                                                 \
    faulty_unlock();                                                                                                   \
    errno = error;                                                                                                     \
    return is_watched ? result : otherwise

#define ONE_PART(bytes, count) (&(struct iovec){(void *)(bytes), count})

ssize_t write(int descriptor, const void *bytes, size_t count) {
    WHEN_WATCHED(
        descriptor, put("write", descriptor, ONE_PART(bytes, count), 1, -1), REAL(write)(descriptor, bytes, count));
}
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    WHEN_WATCHED(descriptor, put("writev", descriptor, parts, count, -1), REAL(writev)(descriptor, parts, count));
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    WHEN_WATCHED(
        descriptor, put("pwrite", descriptor, ONE_PART(bytes, count), 1, offset),
        REAL(pwrite)(descriptor, bytes, count, offset));
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
    return pwrite(descriptor, bytes, count, offset);
}
ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
    WHEN_WATCHED(
        descriptor, put("pwritev", descriptor, parts, count, offset), REAL(pwritev)(descriptor, parts, count, offset));
}
ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off_t offset) {
    return pwritev(descriptor, parts, count, offset);
}

static ssize_t get(int descriptor, void *bytes, size_t count, off_t offset) {
    faulty_fate fate = faulty_decide(FAULTY_READ, "pread", NULL, descriptor, count);
    errno = fate.error;
    return fate.error ? -1 : REAL(pread)(descriptor, bytes, fate.is_short ? count / 2 : count, offset);
}
ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
    WHEN_WATCHED(descriptor, get(descriptor, bytes, count, offset), REAL(pread)(descriptor, bytes, count, offset));
}
ssize_t pread64(int descriptor, void *bytes, size_t count, off_t offset) {
    return pread(descriptor, bytes, count, offset);
}

static int sync_with(const char *call, int descriptor, int (*sync)(int)) {
    faulty_fate fate = faulty_decide(FAULTY_SYNC, call, NULL, descriptor, 0);
    errno = fate.error;
    if (fate.error) return -1;
    if (faulty_skips_syncs()) return 0;
    int result = sync(descriptor);
    if (result == 0) faulty_note(FAULTY_DID_SYNC, 0, faulty_opening(descriptor), 0, NULL, 0);
    return result;
}
int fsync(int descriptor) {
    WHEN_WATCHED(descriptor, sync_with("fsync", descriptor, REAL(fsync)), REAL(fsync)(descriptor));
}
int fdatasync(int descriptor) {
    WHEN_WATCHED(descriptor, sync_with("fdatasync", descriptor, REAL(fdatasync)), REAL(fdatasync)(descriptor));
}

/// Not recorded, because the call guarantees nothing. Without flags it does nothing and cannot fail: RocksDB calls it
/// that way to test whether it is supported.
static int begin_sync(int descriptor, off_t offset, off_t count, unsigned flags) {
    faulty_fate fate = {0};
    if (flags) fate = faulty_decide(FAULTY_SYNC, "sync_file_range", NULL, descriptor, 0);
    errno = fate.error;
    return fate.error ? -1 : REAL(sync_file_range)(descriptor, offset, count, flags);
}
int sync_file_range(int descriptor, off_t offset, off_t count, unsigned flags) {
    WHEN_WATCHED(
        descriptor, begin_sync(descriptor, offset, count, flags),
        REAL(sync_file_range)(descriptor, offset, count, flags));
}

static int set_length(int descriptor, off_t length) {
    faulty_fate fate = faulty_decide(FAULTY_LENGTH, "ftruncate", NULL, descriptor, 0);
    errno = fate.error;
    if (fate.error) return -1;
    int result = REAL(ftruncate)(descriptor, length);
    if (result == 0)
        faulty_note(FAULTY_DID_SET_LENGTH, 0, faulty_opening(descriptor), (uint64_t)length, NULL, 0);
    return result;
}
int ftruncate(int descriptor, off_t length) {
    WHEN_WATCHED(descriptor, set_length(descriptor, length), REAL(ftruncate)(descriptor, length));
}
int ftruncate64(int descriptor, off_t length) { return ftruncate(descriptor, length); }

static int allocate(int descriptor, int mode, off_t offset, off_t count) {
    faulty_fate fate = faulty_decide(FAULTY_LENGTH, "fallocate", NULL, descriptor, 0);
    long growth = growth_of(descriptor, offset + count);
    if (!fate.error && !(mode & FALLOC_FL_KEEP_SIZE) && !faulty_may_grow(growth)) fate.error = ENOSPC;
    errno = fate.error;
    if (fate.error) return -1;
    int result = REAL(fallocate)(descriptor, mode, offset, count);
    if (result == 0 && !(mode & FALLOC_FL_KEEP_SIZE) && growth > 0)
        faulty_note(
            FAULTY_DID_SET_LENGTH, 0, faulty_opening(descriptor), (uint64_t)(offset + count), NULL, 0);
    return result;
}
int fallocate(int descriptor, int mode, off_t offset, off_t count) {
    WHEN_WATCHED(
        descriptor, allocate(descriptor, mode, offset, count), REAL(fallocate)(descriptor, mode, offset, count));
}
int fallocate64(int descriptor, int mode, off_t offset, off_t count) {
    return fallocate(descriptor, mode, offset, count);
}
int posix_fallocate(int descriptor, off_t offset, off_t count) {
    if (!faulty_is_on()) return REAL(posix_fallocate)(descriptor, offset, count);
    return fallocate(descriptor, 0, offset, count) == 0 ? 0 : errno;
}
int posix_fallocate64(int descriptor, off_t offset, off_t count) {
    return posix_fallocate(descriptor, offset, count);
}
#endif
