/// Counts, fails and records system calls on files.
///
/// A program that links this target defines open, pwrite, fdatasync, rename and related functions itself, so that the
/// libraries it loads call them too. Each forwards to the real function. Once a directory is watched, the calls for
/// files in or below it are counted. One of them can be made to fail. All can be recorded, to build the images that a
/// power failure could leave.
///
/// Not seen: calls that the C library makes internally (fread, opendir), locks, stat, and writes through a memory map.
/// LMDB writes its lock file through a map, but that file is worthless after a power failure. It writes its data
/// through a map only with MDB_WRITEMAP.
///
/// Linux only: on other systems nothing is ever counted.
#ifndef FAULTY_IO_H
#define FAULTY_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Kinds of calls. A set of kinds is their sum.
enum {
    FAULTY_OPEN = 1,
    FAULTY_READ = 2,
    FAULTY_WRITE = 4,
    FAULTY_SYNC = 8,
    /// ftruncate, truncate, fallocate.
    FAULTY_LENGTH = 16,
    /// mmap of a file, msync.
    FAULTY_MAP = 32,
    /// rename, link, unlink, mkdir, rmdir.
    FAULTY_NAME = 64,
    FAULTY_CLOSE = 128,
    FAULTY_ALL = 255,
};

/// Faults other than an error number.
enum {
    /// The process is killed at the call.
    FAULTY_KILL = -1,
    /// Half of the bytes are written, and the process is killed.
    FAULTY_KILL_HALFWAY = -2,
    /// Half of the bytes are written or read.
    FAULTY_SHORT = -3,
};

/// Starts to watch the files in or below `directory`, a path without symbolic links, that are opened from now on.
/// Counts start at 0. NULL stops watching and removes all faults.
void faulty_io_watch(const char *directory);

/// Makes the `nth` call of `kinds` fail with `error`, counted from 1 since watching began.
///
/// @param stays whether all later calls fail too.
void faulty_io_fail(int kinds, long nth, int error, bool stays);

/// Removes the fault. Calls are still counted.
void faulty_io_mend(void);

/// Returns the number of calls of `kinds`.
long faulty_io_count(int kinds);

/// Returns the number of failed calls, and in `text` the first of them, for example "pwrite data.mdb".
long faulty_io_failures(char *text, size_t size);

/// Lets files grow by this many bytes in total; further growth fails with ENOSPC. Negative for no limit.
void faulty_io_limit_growth(long bytes);

/// Makes syncs do nothing but report success, and turns write-through writes into ordinary ones.
void faulty_io_skip_syncs(bool skips);

/// Starts or stops recording.
void faulty_io_record(bool records);

/// Records an acknowledgement.
void faulty_io_mark(uint64_t value);

/// Returns the recorded entries. Each is a `faulty_io_entry` followed by its bytes, padded to a multiple of 8. Valid
/// until recording starts again.
const void *faulty_io_log(size_t *size);

enum {
    FAULTY_DID_OPEN = 1,
    FAULTY_DID_WRITE,
    FAULTY_DID_SYNC,
    FAULTY_DID_SET_LENGTH,
    FAULTY_DID_RENAME,
    FAULTY_DID_LINK,
    FAULTY_DID_UNLINK,
    FAULTY_DID_MAKE_DIRECTORY,
    FAULTY_DID_REMOVE_DIRECTORY,
    FAULTY_DID_MARK,
};

enum {
    FAULTY_CREATED = 1,
    FAULTY_EMPTIED = 2,
    /// The write was synced before it returned.
    FAULTY_WRITTEN_THROUGH = 4,
};

/// A record. Its bytes are the data written, or a path, or two paths separated by a 0.
typedef struct {
    uint32_t kind;
    uint32_t flags;
    /// The number of the open call for the file, counted from 1; 0 if the record has a path.
    uint64_t opening;
    /// The offset of the write, the new length, or the mark.
    uint64_t number;
    uint64_t byte_count;
} faulty_io_entry;

#endif
