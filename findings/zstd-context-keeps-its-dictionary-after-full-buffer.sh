#!/usr/bin/env bash
# Library: Zstandard 1.5.4 (Debian 12, libzstd1 1.5.4+dfsg2-5).
# Expected: A call of ZSTD_compress2 that fails has ended. The context can be used for the next frame, with another
#   dictionary.
# What happens: After the error "Destination buffer is too small" the context is still in the middle of the frame.
#   ZSTD_CCtx_refCDict then fails with "Operation not authorized at current processing stage", and the next
#   ZSTD_compress2 succeeds with the dictionary before.
# Why it matters: A store gives records a version of a dictionary. A compressor that is asked not to make a value longer
#   fails often, and in normal operation. If the result of ZSTD_CCtx_refCDict is not checked, the next record is labelled
#   with the new version and compressed with the old one, so it can never be read. Call
#   ZSTD_CCtx_reset(context, ZSTD_reset_session_only) before the parameters and the dictionary of every frame are set.
# Source: zstd.h says of ZSTD_CCtx_setParameter that parameters change only between frames. It does not say that a failed
#   ZSTD_compress2 has not ended its frame.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

fetch libzstd1=1.5.4+dfsg2-5 libzstd-dev=1.5.4+dfsg2-5
compile -lzstd <<'END'
#include <stdio.h>
#include <string.h>
#include <zdict.h>
#include <zstd.h>

/* A dictionary from lines about one subject. */
static size_t train(const char *subject, char *dictionary, size_t capacity) {
    static char samples[200 * 100];
    size_t sizes[200], length = 0;
    for (int i = 0; i < 200; i++) {
        int size = snprintf(samples + length, 100, "{\"subject\":\"%s\",\"number\":%d,\"state\":\"%s\",\"sum\":%d}",
                            subject, i * 7919 % 1000, i % 3 ? "open" : "closed", i * 31);
        sizes[i] = (size_t)size;
        length += (size_t)size;
    }
    return ZDICT_trainFromBuffer(dictionary, capacity, samples, sizes, 200);
}

int main(void) {
    static char first[4096], second[4096], frame[200], plain[200];
    size_t firstSize = train("order", first, sizeof first), secondSize = train("customer", second, sizeof second);
    if (ZDICT_isError(firstSize) || ZDICT_isError(secondSize)) return 2;
    ZSTD_CDict *one = ZSTD_createCDict(first, firstSize, 3), *two = ZSTD_createCDict(second, secondSize, 3);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    const char *record = "{\"subject\":\"order\",\"number\":5,\"state\":\"open\",\"sum\":12, and something that is new}";

    ZSTD_CCtx_refCDict(context, one);
    size_t failed = ZSTD_compress2(context, frame, 10, record, strlen(record));
    printf("zstd %s\ncompress2 into 10 bytes: %s\n", ZSTD_versionString(), ZSTD_getErrorName(failed));
    size_t other = ZSTD_CCtx_refCDict(context, two);
    printf("refCDict of the second:  %s\n", ZSTD_getErrorName(other));
    size_t size = ZSTD_compress2(context, frame, sizeof frame, record, strlen(record));
    printf("compress2 into 200:      %s\n", ZSTD_isError(size) ? ZSTD_getErrorName(size) : "a frame");
    if (ZSTD_isError(size)) return 1;
    unsigned needed = ZSTD_getDictID_fromFrame(frame, size);
    int isFirst = needed == ZSTD_getDictID_fromDict(first, firstSize);
    ZSTD_DCtx *reader = ZSTD_createDCtx();
    size_t read = ZSTD_decompress_usingDict(reader, plain, sizeof plain, frame, size, second, secondSize);
    printf("the frame needs:         the %s dictionary\n", isFirst ? "first" : "second");
    printf("read with the second:    %s\n", ZSTD_isError(read) ? ZSTD_getErrorName(read) : "read");

    ZSTD_CCtx_reset(context, ZSTD_reset_session_only);
    size_t after = ZSTD_CCtx_refCDict(context, two);
    printf("refCDict after a reset:  %s\n", ZSTD_getErrorName(after));
    return !(ZSTD_isError(failed) && ZSTD_isError(other) && isFirst && ZSTD_isError(read) && !ZSTD_isError(after));
}
END
report ./program
