/*
 * floor: the least that a request costs on libcurl.
 *
 * A closed loop of N connections over HTTP/1.1 that does nothing but send the next request when an answer has ended:
 * no plan, no policies, no histograms. What it costs is what libcurl and the kernel cost, so the distance from here is
 * what Gale adds, and Gale's transport makes the same choices for the same reasons. `--without` takes one choice away
 * and `--with` adds one burden, to see what each is worth; Docs/performance.md has the table.
 *
 *     cc -std=gnu11 -O2 -Wall -Wextra -o floor Benchmarks/floor.c -lcurl
 *     ./floor --connections 50 --seconds 5 http://127.0.0.1:8080/
 *
 * Written against libcurl 7.88.1, and correct with any later one.
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* ---- What can be taken away, and what can be added ---------------------------------------------------------- */

enum {
  KEEP = 1 << 0, MASK = 1 << 2, PARSED = 1 << 3, NOSIGNAL = 1 << 4, NOPROXY = 1 << 5, REUSE = 1 << 6,
  NOCERTS = 1 << 7,
  TIMEOUT = 1 << 8, HEADERS = 1 << 9, TIMES = 1 << 10, PATHS = 1 << 11, RESET = 1 << 12, LISTS = 1 << 13,
  GATHER = 1 << 14, HASTY = 1 << 15,
  CHOICES = KEEP | MASK | PARSED | NOSIGNAL | NOPROXY | REUSE | NOCERTS,
};

static const struct { const char *name; unsigned bit; const char *meaning; } words[] = {
  {"keep", KEEP, "epoll interest outlives CURL_POLL_REMOVE"},
  {"mask", MASK, "libcurl is told which events came, so that it need not poll"},
  {"parsed", PARSED, "the URL is parsed once (CURLOPT_CURLU)"},
  {"nosignal", NOSIGNAL, "CURLOPT_NOSIGNAL: no sigaction around every call"},
  {"noproxy", NOPROXY, "CURLOPT_PROXY \"\" and NOPROXY \"\": the environment is not searched"},
  {"nocerts", NOCERTS, "no CA paths on a target without TLS: they would be copied for every request"},
  {"reuse", REUSE, "one easy handle per connection, configured once"},
  {"gather", GATHER, "answers are collected once per turn, not after each event"},
  {"hasty", HASTY, "CURL_SOCKET_TIMEOUT after each event, not once per turn"},
  {"timeout", TIMEOUT, "CURLOPT_TIMEOUT_MS on every request"},
  {"headers", HEADERS, "a header callback that reads the clock at the first line"},
  {"times", TIMES, "five CURLINFO_*_T read at every end"},
  {"paths", PATHS, "another path for every request"},
  {"reset", RESET, "curl_easy_reset and every option again, for every request"},
  {"lists", LISTS, "three request headers"},
};

/* ---- State: one thread, so plain globals -------------------------------------------------------------------- */

struct shard {
  CURLM *multi;
  int64_t due;   /* Nanoseconds at which libcurl wants CURL_SOCKET_TIMEOUT; 0 now, NEVER not at all. */
  bool listed;   /* In `touched`. */
};

/* What we know of a descriptor. `wanted` is what libcurl asked for, `held` is what epoll has. */
struct descriptor {
  struct shard *shard;
  uint8_t wanted, held;
  bool ours;     /* Opened through our callback, so that we shall hear of its end. */
  bool listed;   /* In `changed`. */
};

enum { EVENTS = 512 };
static const int64_t never = INT64_MAX;

static unsigned flags = CHOICES;
static const char *url_text;
static CURLU *url_parsed;
static int poller, connections = 50, shard_size = 64, seconds = 5, most = 0;
static long buffer_size;
static struct shard *shards;
static int shard_count;
static CURL **handles;
static struct descriptor *descriptors;
static int descriptor_limit;
static struct curl_slist *list;
static int *changed, changed_count;
static struct shard **touched, **spare;
static int touched_count;
static int64_t earliest = INT64_MAX;  /* No shard with a timer is due before this. */
static long completed, failed, bytes, turns, controls, callbacks, timers;
static int answered;  /* Connections that have had their first answer. */
static bool *has_answered;
static volatile int64_t sink;  /* Keeps what `--with headers` and `--with times` read from being optimised away. */

static void die(const char *what, const char *why) {
  fprintf(stderr, "floor: %s: %s\n", what, why);
  exit(1);
}

static void *zeroed(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) die("memory", strerror(errno));
  return memory;
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * (int64_t)1000000000 + t.tv_nsec;
}

/* ---- epoll interest ------------------------------------------------------------------------------------------
 *
 * Around every request libcurl says REMOVE when the answer has ended, then IN|OUT or IN when the connection is taken
 * from the pool again: followed to the letter this is an EPOLL_CTL_DEL and an EPOLL_CTL_ADD per request, each with the
 * locks and allocations of the kernel. But most of what is asked is taken back before the next epoll_wait. So:
 *
 *   - the callback only notes what is wanted, and lists the descriptor as changed;
 *   - before waiting, epoll is told of a descriptor only if something wanted is not held, or if it holds OUT unwanted,
 *     which would fire at once;
 *   - IN held but not wanted is left alone: a connection at rest in the pool is silent. When it does fire (the peer has
 *     closed it), the event finds nothing wanted and takes the interest out then; libcurl sees the end by itself when it
 *     next looks at the connection.
 *
 * The one danger is a descriptor closed and its number given out again: the kernel drops the interest with the socket,
 * and a table that still says `held` would never ask for it again, a hang. Hence the close callback. libcurl also shows
 * us descriptors that it closes without that callback (the pair by which its resolver thread wakes it); they are known
 * by not having come through the open callback, and for them we follow to the letter.
 */
static void control(int fd, uint8_t interest) {
  struct descriptor *d = &descriptors[fd];
  struct epoll_event event = {.events = interest, .data.fd = fd};
  int operation = interest == 0 ? EPOLL_CTL_DEL : d->held == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  controls++;
  if (epoll_ctl(poller, operation, fd, &event) != 0 && operation != EPOLL_CTL_DEL) die("epoll_ctl", strerror(errno));
  d->held = interest;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused) {
  (void)easy, (void)unused;
  if (fd >= descriptor_limit) die("descriptor", "beyond the limit of the process");
  struct descriptor *d = &descriptors[fd];
  callbacks++;
  d->shard = context;
  d->wanted = what == CURL_POLL_REMOVE ? 0 : (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
  if (!d->ours || !(flags & KEEP)) {
    if (d->wanted != d->held) control(fd, d->wanted);
  } else if (!d->listed && ((d->wanted & ~d->held) || (d->held & EPOLLOUT))) {
    d->listed = true;
    changed[changed_count++] = fd;
  }
  return 0;
}

static void settle_interest(void) {
  for (int i = 0; i < changed_count; i++) {
    struct descriptor *d = &descriptors[changed[i]];
    d->listed = false;
    if (d->ours && ((d->wanted & ~d->held) || (d->held & ~d->wanted & EPOLLOUT))) control(changed[i], d->wanted);
  }
  changed_count = 0;
}

static curl_socket_t on_open(void *unused, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)unused, (void)purpose;
  int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd >= descriptor_limit) die("descriptor", "beyond the limit of the process");
  /* `listed` may still be true for the socket that had this number before; settle_interest looks again anyway. */
  if (fd >= 0) descriptors[fd] = (struct descriptor){.ours = true, .listed = descriptors[fd].listed};
  return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int on_close(void *unused, curl_socket_t fd) {
  (void)unused;
  descriptors[fd] = (struct descriptor){.listed = descriptors[fd].listed};
  return close(fd);
}

/* ---- Timers ---------------------------------------------------------------------------------------------------
 *
 * libcurl has one timer per multi handle, and may move it in any call. The callback must not call libcurl back, so it
 * only notes: -1 no timer, 0 as soon as we are out of libcurl, else milliseconds from now. curl_multi_add_handle always
 * asks for 0: a request leaves when CURL_SOCKET_TIMEOUT is next performed, not before. So all handles that a turn has
 * added to a shard leave in one call (`gather`), and that call comes in the same turn, ahead of epoll_wait: a zero that
 * became a wait of a millisecond would be the floor's whole latency.
 *
 * A timer that is not renewed is not repeated: `due` is cleared before the call, and libcurl sets it again if need be.
 */
static void touch(struct shard *shard) {
  if (shard->listed) return;
  shard->listed = true;
  touched[touched_count++] = shard;
}

static int on_timer(CURLM *multi, long milliseconds, void *context) {
  (void)multi;
  struct shard *shard = context;
  timers++;
  if (milliseconds < 0) {
    shard->due = never;
  } else if (milliseconds == 0) {
    shard->due = 0;
    touch(shard);
  } else {
    shard->due = now() + milliseconds * (int64_t)1000000;
    if (shard->due < earliest) earliest = shard->due;
  }
  return 0;
}

/* Lists the shards whose timer has come. `earliest` is a lower bound that is made exact only when it has passed: with
 * 157 shards a scan per turn would cost more than the requests. */
static void touch_due(int64_t instant) {
  if (instant < earliest) return;
  earliest = never;
  for (int i = 0; i < shard_count; i++) {
    if (shards[i].due <= instant) touch(&shards[i]);
    else if (shards[i].due < earliest) earliest = shards[i].due;
  }
}

/* ---- Requests --------------------------------------------------------------------------------------------------- */

static size_t on_body(char *data, size_t size, size_t count, void *unused) {
  (void)data, (void)unused;
  bytes += size * count;
  return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *unused) {
  (void)unused;
  if (count > 5 && memcmp(data, "HTTP/", 5) == 0) sink = now();
  return size * count;
}

static void configure(CURL *easy, intptr_t index) {
  if (flags & PARSED) curl_easy_setopt(easy, CURLOPT_CURLU, url_parsed);
  else curl_easy_setopt(easy, CURLOPT_URL, url_text);
  if (flags & NOSIGNAL) curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  if (flags & NOPROXY) {
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");  /* Else no_proxy and NO_PROXY are looked up all the same. */
  }
  if (flags & NOCERTS) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, NULL);
    curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
  }
  if (flags & TIMEOUT) curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L);
  if (flags & HEADERS) curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  if (flags & LISTS) curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  if (buffer_size > 0) curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, buffer_size);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  /* An index, not a pointer: finding the state of a finished transfer is one array access, and a stale one is seen. */
  curl_easy_setopt(easy, CURLOPT_PRIVATE, (void *)index);
}

/* What `--with` adds to a request before it starts. */
static void burden(CURL *easy, intptr_t index) {
  if (flags & RESET) {
    curl_easy_reset(easy);
    configure(easy, index);
  }
  if (flags & PATHS) {
    char path[32];
    snprintf(path, sizeof path, "/?%ld", completed);
    if (flags & PARSED) {
      curl_url_set(url_parsed, CURLUPART_QUERY, path + 2, 0);
      curl_easy_setopt(easy, CURLOPT_CURLU, url_parsed);
    } else {
      char text[512];
      snprintf(text, sizeof text, "%s?%ld", url_text, completed);
      curl_easy_setopt(easy, CURLOPT_URL, text);
    }
  }
}

static void start(struct shard *shard, intptr_t index) {
  burden(handles[index], index);
  CURLMcode code = curl_multi_add_handle(shard->multi, handles[index]);
  if (code != CURLM_OK) die("curl_multi_add_handle", curl_multi_strerror(code));
}

static void finish(struct shard *shard, CURL *easy, CURLcode code) {
  char *private;
  long status;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
  intptr_t index = (intptr_t)private;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (flags & TIMES) {
    static const CURLINFO wanted[] = {
      CURLINFO_CONNECT_TIME_T, CURLINFO_PRETRANSFER_TIME_T, CURLINFO_STARTTRANSFER_TIME_T, CURLINFO_TOTAL_TIME_T,
      CURLINFO_SIZE_DOWNLOAD_T,
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
      curl_off_t value;
      curl_easy_getinfo(easy, wanted[i], &value);
      sink = value;
    }
  }
  if (code == CURLE_OK && status == 200) {
    completed++;
  } else if (failed++ == 0) {
    fprintf(stderr, "floor: first failure: status %ld, %s\n", status, curl_easy_strerror(code));
  }
  if (!has_answered[index]) {
    has_answered[index] = true;
    answered++;
  }
  curl_multi_remove_handle(shard->multi, easy);
  if (failed >= 1000) die("requests", "1,000 failed");
  if (!(flags & REUSE)) {
    curl_easy_cleanup(easy);
    handles[index] = curl_easy_init();
    configure(handles[index], index);
  }
  start(shard, index);
}

/* Messages are read until none is left: libcurl does not tell twice. A message dies with the next call, so its fields
 * are passed by value. */
static void collect(struct shard *shard) {
  int left;
  for (CURLMsg *message; (message = curl_multi_info_read(shard->multi, &left)) != NULL;) {
    if (message->msg == CURLMSG_DONE) finish(shard, message->easy_handle, message->data.result);
  }
}

static void perform(struct shard *shard, curl_socket_t fd, int mask) {
  int running;
  CURLMcode code = curl_multi_socket_action(shard->multi, fd, mask, &running);
  if (code != CURLM_OK) die("curl_multi_socket_action", curl_multi_strerror(code));
}

/*
 * Runs the listed shards, each once: ends are collected, the requests they start are sent, and what has ended meanwhile
 * is collected too, since on loopback an answer may be there before libcurl has returned. What that starts waits for
 * the next turn, so that one quick shard cannot keep the loop from the events of the others.
 */
static void settle_shards(void) {
  struct shard **pass = touched;
  int count = touched_count;
  touched = spare;
  spare = pass;
  touched_count = 0;
  for (int i = 0; i < count; i++) {
    struct shard *shard = pass[i];
    shard->listed = false;
    collect(shard);
    if (shard->due == never || (shard->due > 0 && shard->due > now())) continue;
    shard->due = never;
    perform(shard, CURL_SOCKET_TIMEOUT, 0);
    collect(shard);
  }
}

/* ---- The loop --------------------------------------------------------------------------------------------------- */

static void on_event(const struct epoll_event *event) {
  int fd = event->data.fd;
  struct descriptor *d = &descriptors[fd];
  uint8_t came = event->events & (EPOLLIN | EPOLLOUT);
  bool broken = event->events & (EPOLLERR | EPOLLHUP);
  if (d->held == 0) return;  /* Closed earlier in this very batch. */
  if (!broken) came &= d->wanted;
  if (d->wanted == 0 || (came == 0 && !broken)) {
    control(fd, d->wanted);
    return;
  }
  int mask = (came & EPOLLIN ? CURL_CSELECT_IN : 0) | (came & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
             (broken ? CURL_CSELECT_ERR : 0);
  struct shard *shard = d->shard;
  perform(shard, fd, flags & MASK ? mask : 0);
  touch(shard);
  if (flags & GATHER) return;
  collect(shard);
  if (flags & HASTY) settle_shards();
}

static void turn(void) {
  static struct epoll_event events[EVENTS];
  settle_shards();
  settle_interest();
  int64_t wait = earliest == never ? 1000000000 : earliest - now();
  int milliseconds = touched_count > 0 || wait <= 0 ? 0 : (int)((wait + 999999) / 1000000);
  int count = epoll_wait(poller, events, EVENTS, milliseconds < 1000 ? milliseconds : 1000);
  if (count < 0 && errno != EINTR) die("epoll_wait", strerror(errno));
  turns++;
  for (int i = 0; i < count; i++) on_event(&events[i]);
  touch_due(now());
}

static void prepare(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  descriptor_limit = (int)limit.rlim_cur;
  if (connections + 64 > descriptor_limit) die("connections", "more than the process may have descriptors");
  signal(SIGPIPE, SIG_IGN);  /* With CURLOPT_NOSIGNAL this is ours to do. */
  curl_global_init(CURL_GLOBAL_DEFAULT);
  url_parsed = curl_url();
  if (curl_url_set(url_parsed, CURLUPART_URL, url_text, 0) != CURLUE_OK) die("URL", url_text);
  list = curl_slist_append(NULL, "Accept: application/json");
  list = curl_slist_append(list, "Authorization: Bearer 0123456789abcdef");
  list = curl_slist_append(list, "X-Request: floor");
  poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) die("epoll_create1", strerror(errno));
  descriptors = zeroed(descriptor_limit, sizeof *descriptors);
  changed = zeroed(descriptor_limit, sizeof *changed);
  handles = zeroed(connections, sizeof *handles);
  has_answered = zeroed(connections, sizeof *has_answered);
  shard_count = (connections + shard_size - 1) / shard_size;
  shards = zeroed(shard_count, sizeof *shards);
  touched = zeroed(shard_count, sizeof *touched);
  spare = zeroed(shard_count, sizeof *spare);
  for (int i = 0; i < shard_count; i++) {
    CURLM *multi = curl_multi_init();
    shards[i] = (struct shard){.multi = multi, .due = never};
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, &shards[i]);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, &shards[i]);
    /* The default is four times the handles that are added just now: it would evict when concurrency falls. */
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)shard_size);
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
  }
  for (int i = 0; i < connections; i++) {
    handles[i] = curl_easy_init();
    configure(handles[i], i);
  }
}

/* ---- Command line and report ------------------------------------------------------------------------------------ */

static void usage(void) {
  printf("floor [--connections 50] [--seconds 5] [--requests N] [--shard 64 | --single]\n"
         "      [--buffer BYTES] [--without WORD]... [--with WORD]... URL\n\n");
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    printf("  --%-8s%-10s%s\n", words[i].bit & CHOICES ? "without" : "with", words[i].name, words[i].meaning);
  }
  printf("\nFigures but the first two cover the seconds after every connection has had its first answer.\n");
  exit(0);
}

static int number(const char *text, const char *option) {
  char *end;
  long value = text == NULL ? 0 : strtol(text, &end, 10);
  if (value < 1 || value > 1000000 || *end != 0) die(option, "needs a whole number from 1 to 1000000");
  return (int)value;
}

static void choose(const char *word, bool with) {
  for (size_t i = 0; word != NULL && i < sizeof words / sizeof *words; i++) {
    if (strcmp(word, words[i].name) == 0 && with == !(words[i].bit & CHOICES)) {
      flags ^= words[i].bit;
      return;
    }
  }
  die(with ? "--with" : "--without", "unknown word; --help lists them");
}

static void parse(char **argument) {
  while (*++argument != NULL) {
    const char *option = *argument;
    if (strcmp(option, "--help") == 0) usage();
    else if (strcmp(option, "--single") == 0) shard_size = 1000000;
    else if (strcmp(option, "--connections") == 0) connections = number(*++argument, option);
    else if (strcmp(option, "--seconds") == 0) seconds = number(*++argument, option);
    else if (strcmp(option, "--requests") == 0) most = number(*++argument, option);
    else if (strcmp(option, "--shard") == 0) shard_size = number(*++argument, option);
    else if (strcmp(option, "--buffer") == 0) buffer_size = number(*++argument, option);
    else if (strcmp(option, "--without") == 0) choose(*++argument, false);
    else if (strcmp(option, "--with") == 0) choose(*++argument, true);
    else if (option[0] == '-') die(option, "unknown option; see --help");
    else url_text = option;
    if (*argument == NULL) die(option, "needs a value");
  }
  if (url_text == NULL) die("URL", "missing; see --help");
  if (shard_size > connections) shard_size = connections;
}

/* The largest resident size in KiB. Not ru_maxrss: that begins with the size of the process that started us. */
static long peak_resident(void) {
  char line[256];
  long kib = 0;
  FILE *file = fopen("/proc/self/status", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) sscanf(line, "VmHWM: %ld", &kib);
  if (file != NULL) fclose(file);
  return kib;
}

static double microseconds(struct timeval from, struct timeval to) {
  return (to.tv_sec - from.tv_sec) * 1e6 + (to.tv_usec - from.tv_usec);
}

int main(int count, char **arguments) {
  (void)count;
  parse(arguments);
  prepare();
  /* Connecting is not what is measured, but it may take long: the time starts when all have had an answer. */
  int64_t end = now() + 60 * (int64_t)1000000000, began = 0;
  struct rusage before, after;
  long done = 0;
  for (int i = 0; i < connections; i++) start(&shards[i / shard_size], i);
  while (now() < end && (most == 0 || completed < most)) {
    turn();
    if (began == 0 && answered == connections) {
      began = now();
      end = began + seconds * (int64_t)1000000000;
      done = completed;
      bytes = turns = controls = callbacks = timers = 0;
      getrusage(RUSAGE_SELF, &before);
    }
  }
  if (began == 0) die("connections", "not all had an answer within a minute");
  getrusage(RUSAGE_SELF, &after);
  if (completed == done) die("requests", "none ended in the time measured; give it more --seconds");
  double elapsed = (now() - began) / 1e9, requests = completed - done;
  double user = microseconds(before.ru_utime, after.ru_utime), system = microseconds(before.ru_stime, after.ru_stime);
  printf("requests %ld\nfailed %ld\nmeasured %.0f\nrate %.0f\n", completed, failed, requests, requests / elapsed);
  printf("user_us %.3f\nsystem_us %.3f\ncpu_us %.3f\n", user / requests, system / requests, (user + system) / requests);
  printf("bytes %.1f\nrss_kib %ld\nshards %d\n", bytes / requests, peak_resident(), shard_count);
  printf("per_turn %.1f\nepoll_ctl %.4f\nsocket_callbacks %.2f\ntimer_callbacks %.2f\n", requests / turns,
         controls / requests, callbacks / requests, timers / requests);
  return failed == 0 ? 0 : 1;
}
