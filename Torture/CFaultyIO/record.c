// The record of all calls, in order.
#ifdef __linux__
#include "internal.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_recording;
static char *records;
static size_t size;
static size_t capacity;

void faulty_io_record(bool is_wanted) {
    faulty_lock();
    if (is_wanted) size = 0;
    is_recording = is_wanted;
    faulty_unlock();
}

const void *faulty_io_log(size_t *count) {
    *count = size;
    return records;
}

/// Reserves space for a record and writes its header.
///
/// @return where to write the record's bytes; NULL if recording is off.
static char *begin(faulty_io_entry entry) {
    if (!is_recording) return NULL;
    size_t need = sizeof entry + (entry.byte_count + 7) / 8 * 8;
    if (size + need > capacity) {
        size_t larger = (size + need) * 2;
        char *moved = realloc(records, larger);
        // A log with a missing record would be useless.
        if (!moved) abort();
        records = moved;
        capacity = larger;
    }
    char *place = records + size;
    memset(place, 0, need);
    memcpy(place, &entry, sizeof entry);
    size += need;
    return place + sizeof entry;
}

void faulty_note(uint32_t kind, uint32_t flags, uint64_t opening, uint64_t number, const void *bytes, size_t count) {
    char *place = begin((faulty_io_entry){kind, flags, opening, number, count});
    if (place && count) memcpy(place, bytes, count);
}

void faulty_note_paths(uint32_t kind, const char *path, const char *other) {
    size_t first = strlen(path), second = other ? strlen(other) : 0;
    char *place = begin((faulty_io_entry){kind, 0, 0, 0, first + (other ? second + 1 : 0)});
    if (!place) return;
    memcpy(place, path, first);
    if (other) memcpy(place + first + 1, other, second);
}

void faulty_note_write(int descriptor, off_t offset, const struct iovec *parts, int part_count, size_t written) {
    bool is_through = (faulty_open_flags(descriptor) & O_DSYNC) && !faulty_skips_syncs();
    uint32_t flags = is_through ? FAULTY_WRITTEN_THROUGH : 0;
    char *place = begin(
        (faulty_io_entry){FAULTY_DID_WRITE, flags, faulty_opening(descriptor), (uint64_t)offset, written});
    for (int index = 0; place && written > 0 && index < part_count; index++) {
        size_t count = parts[index].iov_len < written ? parts[index].iov_len : written;
        memcpy(place, parts[index].iov_base, count);
        place += count;
        written -= count;
    }
}

void faulty_io_mark(uint64_t value) {
    faulty_lock();
    faulty_note(FAULTY_DID_MARK, 0, 0, value, NULL, 0);
    faulty_unlock();
}
#endif
