#include <lmdb.h>

// Asks the processor for the `size` bytes from `page` on, all at once. Entries lie in a page in the order in which they were
// written, so that it cannot guess which line comes next.
static inline void kvds_prefetch(const void *page, size_t size) {
    for (size_t offset = 0; offset < size; offset += 64) __builtin_prefetch((const char *)page + offset);
}
