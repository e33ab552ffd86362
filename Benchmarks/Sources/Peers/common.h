#ifndef KVDS_PEERS_COMMON_H
#define KVDS_PEERS_COMMON_H

#include "peers.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void peer_fail(const char *what, const char *why) {
    fprintf(stderr, "peer: %s: %s\n", what, why);
    exit(70);
}

/// Adds a value to a checksum.
static inline void peer_add(peer_found *found, const void *value, size_t length) {
    uint64_t first = 0;
    memcpy(&first, value, length < 8 ? length : 8);
    found->count += 1;
    found->sum += length + first;
}

/// Copies `value` into `sum`, with `number` added to its first eight bytes.
static inline void peer_add_number(
    uint8_t *sum, size_t capacity, const void *value, size_t length, uint64_t number) {
    uint64_t old;
    if (length < sizeof old || length > capacity) peer_fail("addition", "the value is too short or too long");
    memcpy(sum, value, length);
    memcpy(&old, value, sizeof old);
    old += number;
    memcpy(sum, &old, sizeof old);
}

static inline peer_rows peer_slice(peer_rows rows, size_t from, size_t to) {
    rows.keys += from * rows.key_length;
    if (rows.values) rows.values += from * rows.value_length;
    rows.count = to - from;
    return rows;
}

/// One thread's share of the work.
typedef struct peer_share {
    void *peer;
    peer_rows rows;
    int flag;
    peer_found found;
    void (*work)(struct peer_share *);
} peer_share;

static void *peer_thread(void *argument) {
    peer_share *share = (peer_share *)argument;
    share->work(share);
    return NULL;
}

/// Runs `work` on equal shares of `rows`, one for each thread. A single share runs on the calling thread.
static inline peer_found peer_run(void *peer, peer_rows rows, int flag, int threads, void (*work)(peer_share *)) {
    peer_found found = {0, 0};
    peer_share *shares = (peer_share *)calloc(threads, sizeof(peer_share));
    pthread_t *handles = (pthread_t *)calloc(threads, sizeof(pthread_t));
    if (threads < 1 || !shares || !handles) peer_fail("threads", "no memory for so many");
    for (int i = 0; i < threads; i++) {
        peer_share share = {
            peer, peer_slice(rows, rows.count * i / threads, rows.count * (i + 1) / threads), flag, {0, 0}, work};
        shares[i] = share;
    }
    if (threads == 1) {
        work(&shares[0]);
    } else {
        for (int i = 0; i < threads; i++) {
            int code = pthread_create(&handles[i], NULL, peer_thread, &shares[i]);
            if (code != 0) peer_fail("pthread_create", strerror(code));
        }
        for (int i = 0; i < threads; i++) pthread_join(handles[i], NULL);
    }
    for (int i = 0; i < threads; i++) {
        found.count += shares[i].found.count;
        found.sum += shares[i].found.sum;
    }
    free(handles);
    free(shares);
    return found;
}

#endif
