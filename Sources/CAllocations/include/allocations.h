#pragma once
#include <stdint.h>

/// How often this process has asked for memory so far: calls of malloc, calloc, realloc and their aligned relatives,
/// whoever made them.
uint64_t gale_allocations(void);
