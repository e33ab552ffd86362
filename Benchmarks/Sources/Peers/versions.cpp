#include "peers.h"

#include <lmdb.h>
#include <rocksdb/version.h>

#define TEXT_OF(number) #number
#define VERSION(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *peer_lmdb_version(void) { return VERSION(MDB_VERSION_MAJOR, MDB_VERSION_MINOR, MDB_VERSION_PATCH); }

const char *peer_rocksdb_version(void) { return VERSION(ROCKSDB_MAJOR, ROCKSDB_MINOR, ROCKSDB_PATCH); }
