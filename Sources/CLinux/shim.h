#pragma once
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdint.h>
#include <string.h>
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

/// Asks a name server for records of that type and class IN.
/// `server`: an IPv4 address in network order, 0 for the system's own; `port` in host order.
/// Returns the length of the answer in `answer`, negative when there was none in time.
static inline int gale_dns_query(
    const char *name, int type, uint32_t server, int port, unsigned char *answer, int capacity) {
    struct __res_state state;
    memset(&state, 0, sizeof state);
    if (res_ninit(&state) != 0) return -1;
    if (server != 0) {
        state.nscount = 1;
        state.nsaddr_list[0].sin_family = AF_INET;
        state.nsaddr_list[0].sin_addr.s_addr = server;
        state.nsaddr_list[0].sin_port = htons((unsigned short)port);
    }
    state.retrans = 1;
    state.retry = 2;
    unsigned char query[512];
    int length = res_nmkquery(&state, ns_o_query, name, ns_c_in, type, NULL, 0, NULL, query, sizeof query);
    int received = length < 0 ? -1 : res_nsend(&state, query, length, answer, capacity);
    res_nclose(&state);
    return received;
}
