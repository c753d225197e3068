#pragma once
#include <zlib.h>

/// Wrapper around inflateInit2, which is a macro that can't be used from Swift.
static inline int gale_inflate_init(z_stream *stream, int windowBits) {
    return inflateInit2(stream, windowBits);
}
