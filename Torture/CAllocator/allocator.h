#ifndef KVDS_ALLOCATOR_H
#define KVDS_ALLOCATOR_H

#include <stddef.h>
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* How many bytes the allocator has given out and not got back; 0 where it does not tell. */
static inline size_t kvds_allocated_bytes(void) {
#ifdef __GLIBC__
    struct mallinfo2 information = mallinfo2();
    return information.uordblks + information.hblkhd;
#else
    return 0;
#endif
}

#endif
