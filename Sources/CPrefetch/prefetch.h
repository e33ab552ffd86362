#include <stddef.h>

// Prefetches the cache lines of the `size` bytes at `start`, without waiting for them. The processor cannot predict
// these reads itself, because each address depends on data that was read just before.
static inline void kvds_prefetch(const void *start, size_t size) {
    for (size_t offset = 0; offset < size; offset += 64) __builtin_prefetch((const char *)start + offset);
}
