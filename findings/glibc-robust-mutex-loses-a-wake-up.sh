#!/usr/bin/env bash
# Library: glibc 2.36 (Debian 12, libc6 2.36-9+deb12u14 or another build of 2.36), on Linux. LMDB locks with such mutexes.
# Expected: With a robust mutex that processes share, a process may be killed at any time. Who waits for the mutex gets it
#   when it is free, at the latest with the error EOWNERDEAD.
# What happens: Three processes use it. B holds it, C and A wait. B unlocks, which wakes C, and locks again before C runs. C
#   is killed. B unlocks: nothing in the mutex says any more that A waits, so A sleeps beside a free mutex, without end.
#   Here A waits with a time limit, gets ETIMEDOUT, and its next try succeeds at once. Without the kill A gets the mutex.
# Why it matters: Of two programs that share an LMDB environment one can stop for ever because a third was killed while it
#   waited. A lock on a byte of a file, taken first, keeps two from waiting for one mutex.
# Source: glibc nptl/pthread_mutex_lock.c and pthread_mutex_unlock.c (unlocking stores 0, which forgets FUTEX_WAITERS) and
#   Linux kernel/futex/core.c, handle_futex_death (it wakes nobody when the mutex has an owner other than the dead one).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download 'libc6=2.36-*'
dpkg -x libc6_*.deb root
echo "libc6 $(dpkg-deb -f libc6_*.deb Version), Linux $(uname -r)"
lib=$(dirname "$work"/root/lib/*/libc.so.6)

cat > program.c <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <gnu/libc-version.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { inTime, afterTimeout, other }; /* how a waiter got the mutex, as its exit status */

static pthread_mutex_t *mutex;

/* Starts a process that waits for the mutex, and returns when it sleeps. */
static pid_t startWaiter(int isC, const cpu_set_t *processors) {
    int ready[2];
    char byte = 0;
    if (pipe(ready)) exit(1);
    pid_t waiter = fork();
    if (waiter < 0) exit(1);
    if (waiter == 0) {
        alarm(20);
        sched_setaffinity(0, sizeof *processors, processors);
        struct sched_param none = {0};
        if (isC && sched_setscheduler(0, SCHED_IDLE, &none)) _exit(other);
        struct timespec limit;
        clock_gettime(CLOCK_REALTIME, &limit);
        limit.tv_sec += 2;
        if (write(ready[1], &byte, 1) != 1) _exit(other);
        int code = pthread_mutex_timedlock(mutex, &limit);
        int isLate = code == ETIMEDOUT;
        if (isLate) code = pthread_mutex_trylock(mutex);
        if (code) _exit(other);
        pthread_mutex_unlock(mutex);
        _exit(isLate ? afterTimeout : inTime);
    }
    if (read(ready[0], &byte, 1) != 1) exit(1);
    close(ready[0]);
    close(ready[1]);
    for (int tries = 0; tries < 100; tries++) {
        char path[64], state = 0;
        usleep(10000);
        snprintf(path, sizeof path, "/proc/%d/stat", waiter);
        FILE *file = fopen(path, "r");
        if (!file) exit(1);
        if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1) exit(1);
        fclose(file);
        if (tries > 1 && state == 'S') return waiter;
    }
    exit(1);
}

/* B's part. Returns how A got the mutex, or -1 where C ran too early, which proves nothing. */
static int run(int kills, double *seconds) {
    pthread_mutexattr_t attributes;
    mutex = mmap(NULL, sizeof *mutex, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (mutex == MAP_FAILED || pthread_mutexattr_init(&attributes)) exit(1);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    if (pthread_mutex_init(mutex, &attributes) || pthread_mutex_lock(mutex)) exit(1);
    /* C runs only on B's processor, and only while B does not; A runs anywhere. */
    cpu_set_t all, one;
    sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    pid_t c = startWaiter(1, &one), a = startWaiter(0, &all);

    pthread_mutex_unlock(mutex); /* wakes C, who came first */
    int code = pthread_mutex_trylock(mutex);
    if (kills || code) kill(c, SIGKILL);
    if (kills || code) waitpid(c, NULL, 0);
    if (code) kill(a, SIGKILL);
    else pthread_mutex_unlock(mutex);
    struct timespec start, end;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &start);
    waitpid(a, &status, 0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    *seconds = end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9;
    if (!kills && !code) waitpid(c, NULL, 0);
    sched_setaffinity(0, sizeof all, &all);
    return code ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : other;
}

int main(void) {
    alarm(55);
    printf("glibc %s\n", gnu_get_libc_version());
    int result[2] = {-1, -1};
    for (int kills = 0; kills < 2; kills++) {
        double seconds = 0;
        for (int tries = 0; tries < 8 && result[kills] < 0; tries++) {
            fflush(stdout);
            result[kills] = run(kills, &seconds);
        }
        printf("%s: A %s, %.1f seconds after B had unlocked\n", kills ? "C is killed" : "C lives",
               result[kills] == inTime ? "gets the mutex" :
               result[kills] == afterTimeout ? "gets ETIMEDOUT, and the mutex by a second try" : "gets something else", seconds);
    }
    return !(result[0] == inTime && result[1] == afterTimeout);
}
END
cc -Wall -Werror -o program program.c
loader=$(echo "$lib"/ld-linux*.so.*)
"$loader" --library-path "$lib" ./program || { echo "NOT as described"; exit 1; }
echo "As described."
