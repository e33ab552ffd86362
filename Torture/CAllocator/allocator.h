#ifndef KVDS_ALLOCATOR_H
#define KVDS_ALLOCATOR_H

#include <stddef.h>
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* The number of bytes that the allocator has handed out and not got back; 0 if unknown. */
static inline size_t kvds_allocated_bytes(void) {
#ifdef __GLIBC__
    struct mallinfo2 information = mallinfo2();
    return information.uordblks + information.hblkhd;
#else
    return 0;
#endif
}

#endif
