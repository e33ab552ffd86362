// Opening, closing, mapping and naming files.
#ifdef __linux__
#include "internal.h"
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_watched(int directory, const char *path, int flags, mode_t mode) {
    faulty_fate fate = faulty_decide(FAULTY_OPEN, "open", path, -1, 0);
    errno = fate.error;
    if (fate.error) return -1;
    struct stat status;
    bool existed = fstatat(directory, path, &status, 0) == 0;
    int descriptor = REAL(openat)(directory, path, flags, mode);
    if (descriptor < 0) return descriptor;
    faulty_opened(descriptor, flags);
    uint32_t how = existed ? 0 : FAULTY_CREATED;
    if (existed && (flags & O_TRUNC)) how |= FAULTY_EMPTIED;
    faulty_note(FAULTY_DID_OPEN, how, faulty_opening(descriptor), 0, path, strlen(path));
    return descriptor;
}

static int open_any(int directory, const char *path, int flags, mode_t mode) {
    if (!faulty_is_on()) return REAL(openat)(directory, path, flags, mode);
    faulty_lock();
    int descriptor = faulty_watches_path(directory, path) ? open_watched(directory, path, flags, mode)
                                                          : REAL(openat)(directory, path, flags, mode);
    int error = errno;
    faulty_unlock();
    errno = error;
    return descriptor;
}

static mode_t mode_in(int flags, va_list arguments) {
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(directory)                                                                                                \
    va_list arguments;                                                                                                 \
    va_start(arguments, flags);                                                                                        \
    mode_t mode = mode_in(flags, arguments);                                                                           \
    va_end(arguments);                                                                                                 \
    return open_any(directory, path, flags, mode)

int open(const char *path, int flags, ...) { OPEN(AT_FDCWD); }
int open64(const char *path, int flags, ...) { OPEN(AT_FDCWD); }
int openat(int directory, const char *path, int flags, ...) { OPEN(directory); }
int openat64(int directory, const char *path, int flags, ...) { OPEN(directory); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

/// The descriptor is closed even if an error is reported.
int close(int descriptor) {
    if (!faulty_is_on()) return REAL(close)(descriptor);
    faulty_lock();
    faulty_fate fate = {0};
    if (faulty_watches(descriptor)) {
        fate = faulty_decide(FAULTY_CLOSE, "close", NULL, descriptor, 0);
        faulty_closed(descriptor);
    }
    int result = REAL(close)(descriptor);
    int error = fate.error ? fate.error : errno;
    faulty_unlock();
    errno = error;
    return fate.error ? -1 : result;
}

void *mmap(void *address, size_t count, int protection, int flags, int descriptor, off_t offset) {
    if (faulty_is_on() && !(flags & MAP_ANONYMOUS)) {
        faulty_lock();
        faulty_fate fate = {0};
        if (faulty_watches(descriptor)) fate = faulty_decide(FAULTY_MAP, "mmap", NULL, descriptor, 0);
        faulty_unlock();
        if (fate.error) {
            errno = fate.error;
            return MAP_FAILED;
        }
    }
    return REAL(mmap)(address, count, protection, flags, descriptor, offset);
}
void *mmap64(void *address, size_t count, int protection, int flags, int descriptor, off_t offset) {
    return mmap(address, count, protection, flags, descriptor, offset);
}

/// msync has no file, so it is counted whenever anything is watched.
int msync(void *address, size_t count, int flags) {
    if (faulty_is_on()) {
        faulty_lock();
        faulty_fate fate = faulty_decide(FAULTY_MAP, "msync", "", -1, 0);
        faulty_unlock();
        errno = fate.error;
        if (fate.error) return -1;
    }
    return REAL(msync)(address, count, flags);
}

/// A call that changes names. `action` is the real call.
#define NAMES(call, record, path, other, action)                                                                       \
    if (!faulty_is_on()) return action;                                                                                \
    faulty_lock();                                                                                                     \
    int result, error;                                                                                                 \
    if (faulty_watches_path(AT_FDCWD, path)) {                                                                         \
        faulty_fate fate = faulty_decide(FAULTY_NAME, call, path, -1, 0);                                              \
        errno = fate.error;                                                                                            \
        result = fate.error ? -1 : action;                                                                             \
        error = errno;                                                                                                 \
        if (result == 0) faulty_note_paths(record, path, other);                                                       \
    } else {                                                                                                           \
        result = action;                                                                                               \
        error = errno;                                                                                                 \
    }                                                                                                                  \
    faulty_unlock();                                                                                                   \
    errno = error;                                                                                                     \
    return result

int rename(const char *path, const char *other) {
    NAMES("rename", FAULTY_DID_RENAME, path, other, REAL(rename)(path, other));
}
int link(const char *path, const char *other) {
    NAMES("link", FAULTY_DID_LINK, path, other, REAL(link)(path, other));
}
int unlink(const char *path) { NAMES("unlink", FAULTY_DID_UNLINK, path, NULL, REAL(unlink)(path)); }
int mkdir(const char *path, mode_t mode) {
    NAMES("mkdir", FAULTY_DID_MAKE_DIRECTORY, path, NULL, REAL(mkdir)(path, mode));
}
int rmdir(const char *path) { NAMES("rmdir", FAULTY_DID_REMOVE_DIRECTORY, path, NULL, REAL(rmdir)(path)); }

static int set_length(const char *path, off_t length) {
    faulty_fate fate = faulty_decide(FAULTY_LENGTH, "truncate", path, -1, 0);
    errno = fate.error;
    if (fate.error) return -1;
    int result = REAL(truncate)(path, length);
    if (result == 0) faulty_note(FAULTY_DID_SET_LENGTH, 0, 0, (uint64_t)length, path, strlen(path));
    return result;
}
int truncate(const char *path, off_t length) {
    if (!faulty_is_on()) return REAL(truncate)(path, length);
    faulty_lock();
    int result = faulty_watches_path(AT_FDCWD, path) ? set_length(path, length) : REAL(truncate)(path, length);
    int error = errno;
    faulty_unlock();
    errno = error;
    return result;
}
int truncate64(const char *path, off_t length) { return truncate(path, length); }
#endif
