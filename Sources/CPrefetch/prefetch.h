#include <stddef.h>

// Asks the processor for the `size` bytes from `start` on, all at once, and does not wait for them: where what is read next
// depends on what is found, it cannot guess.
static inline void kvds_prefetch(const void *start, size_t size) {
    for (size_t offset = 0; offset < size; offset += 64) __builtin_prefetch((const char *)start + offset);
}
