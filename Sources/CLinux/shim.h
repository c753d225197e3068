#pragma once
#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// CLOCK_MONOTONIC in nanoseconds.
static inline int64_t gale_monotonic(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/// CPU time of the calling thread in nanoseconds.
static inline int64_t gale_thread_cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// Declared by unistd.h only under _GNU_SOURCE, which would make this module's view of libc differ from Swift's.
extern long gale_syscall(long number, ...) __asm__("syscall");

/// epoll_pwait2 with a time-out in nanoseconds (negative: none); by number, for C libraries that lack the wrapper.
/// Kernels before 5.11 lack the call (ENOSYS): then milliseconds, rounded up.
static inline int gale_epoll_wait(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds) {
    static int no_pwait2;
    if (!no_pwait2) {
        struct timespec t = {nanoseconds / 1000000000, nanoseconds % 1000000000};
        int n = (int)gale_syscall(441, epoll, events, capacity, nanoseconds < 0 ? NULL : &t, NULL, 0);
        if (n >= 0 || errno != ENOSYS) return n;
        no_pwait2 = 1;
    }
    return epoll_wait(epoll, events, capacity, nanoseconds < 0 ? -1 : (int)((nanoseconds + 999999) / 1000000));
}

/// Lets timers of the calling thread fire within a nanosecond of their time instead of the default 50 µs.
static inline void gale_precise_timers(void) {
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

/// Names the calling thread (15 characters) for debuggers and `top -H`; prctl is variadic.
static inline void gale_name_thread(const char *name) {
    prctl(PR_SET_NAME, name, 0UL, 0UL, 0UL);
}

/// Sends the calling process that signal when its parent dies.
static inline void gale_die_with_parent(int signal) {
    prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0UL, 0UL, 0UL);
}
