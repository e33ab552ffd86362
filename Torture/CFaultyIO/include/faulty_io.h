/// System calls on files that can be counted, made to fail, and recorded.
///
/// A program that links this target defines open, pwrite, fdatasync, rename and their kin itself, so that the libraries it
/// loads call these too. Each passes the call on. Once a directory is watched, the calls about files at or below it are
/// counted; one can be chosen to fail, and all can be recorded for the images that a loss of power could leave.
///
/// Not seen: what the C library calls within itself (fread, opendir), locks, stat, and writes through a memory map. LMDB
/// writes its lock file so, which is worth nothing after a loss of power, and its data only with MDB_WRITEMAP.
///
/// Linux only: elsewhere nothing is ever counted.
#ifndef FAULTY_IO_H
#define FAULTY_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Kinds of calls; a set of them is their sum.
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

/// What can happen instead of an error number.
enum {
    /// The process is killed at the call.
    FAULTY_KILL = -1,
    /// Half of the bytes are written, and the process is killed.
    FAULTY_KILL_HALFWAY = -2,
    /// Half of the bytes are written or read.
    FAULTY_SHORT = -3,
};

/// Watches the files at or below `directory`, a path without symbolic links, that are opened from now on; counts begin at
/// 0. NULL ends every fault and record and watches nothing.
void faulty_io_watch(const char *directory);

/// Makes the `nth` call of `kinds`, counted from the watch's beginning and from 1, fail with `error`.
///
/// @param stays whether every later one fails too.
void faulty_io_fail(int kinds, long nth, int error, bool stays);

/// Lets calls succeed again; they are still counted.
void faulty_io_mend(void);

/// How many calls of `kinds` there were.
long faulty_io_count(int kinds);

/// How many calls failed, and in `text` the first of them, as in "pwrite data.mdb".
long faulty_io_failures(char *text, size_t size);

/// Lets files grow by so many bytes in all; what would exceed it fails with ENOSPC. Below 0 for any number.
void faulty_io_limit_growth(long bytes);

/// Makes a sync do nothing and report success, and write-through an ordinary write.
void faulty_io_skip_syncs(bool skips);

/// Begins to record, or ends it.
void faulty_io_record(bool records);

/// Records that something was acknowledged.
void faulty_io_mark(uint64_t value);

/// What was recorded: records, each a `faulty_io_entry` followed by its bytes and filled up to 8. Valid until recording
/// begins again.
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

/// A record. Its bytes are what was written, or a path, or two paths with a 0 between them.
typedef struct {
    uint32_t kind;
    uint32_t flags;
    /// Which opening of a file it is about, counted from 1; 0 where there is a path.
    uint64_t opening;
    /// Where it was written, the new length, or the mark.
    uint64_t number;
    uint64_t byte_count;
} faulty_io_entry;

#endif
