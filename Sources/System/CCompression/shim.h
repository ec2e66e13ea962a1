#include <zlib.h>
#include <brotli/decode.h>
#include <brotli/encode.h>
