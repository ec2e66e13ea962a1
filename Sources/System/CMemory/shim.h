#pragma once
#include <features.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Gives free memory of the heap back to the system, where the C library can.
static inline void gatehouse_trim_heap(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
