/* Helpers for the C programs of the findings. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Ends the program because of an error that is not part of the finding. */
static inline void fail(const char *error) {
    printf("unexpected error: %s\n", error);
    exit(1);
}

/* Ends the program if a call of LMDB returns an error code. */
#define must(call) do { int result_ = (call); if (result_) fail(mdb_strerror(result_)); } while (0)

/* Ends the program if calls of RocksDB have set `error`. */
static inline void check(const char *error) {
    if (error) fail(error);
}

/* Starts a function that replaces the function `name` of the C library. It can call the replaced function as `next`. */
#define NEXT(name) static __typeof__(&name) next; if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* The length of a file, or -1 if there is no such file. */
static inline long fileLength(const char *path) {
    struct stat status;
    return stat(path, &status) ? -1 : (long)status.st_size;
}

/* Whether an open file is a directory. */
static inline int isDirectory(int file) {
    struct stat status;
    if (fstat(file, &status)) fail("fstat");
    return S_ISDIR(status.st_mode);
}
