#pragma once
#include <curl/curl.h>

// curl_easy_setopt, curl_easy_getinfo, curl_multi_setopt and curl_multi_assign are variadic, which Swift can't call. One wrapper for each
// C type, because passing an int where libcurl reads a long is undefined behaviour.

static inline CURLcode gale_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode gale_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode gale_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode gale_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode gale_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode gale_set_url(CURL *easy, CURLU *value) {
    return curl_easy_setopt(easy, CURLOPT_CURLU, value);
}

typedef size_t (*gale_data_callback)(char *data, size_t size, size_t count, void *context);
typedef curl_socket_t (*gale_open_callback)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*gale_close_callback)(void *context, curl_socket_t descriptor);
typedef int (*gale_prereq_callback)(void *context, char *remote, char *local, int remotePort, int localPort);

static inline CURLcode gale_set_callbacks(CURL *easy, gale_data_callback header, gale_data_callback body,
                                          gale_open_callback open, gale_close_callback close,
                                          gale_prereq_callback prereq) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, prereq);
    return code;
}

typedef int (*gale_socket_callback)(CURL *easy, curl_socket_t descriptor, int what, void *context, void *socket);
typedef int (*gale_timer_callback)(CURLM *multi, long milliseconds, void *context);

static inline CURLMcode gale_multi_callbacks(CURLM *multi, gale_socket_callback socket, gale_timer_callback timer,
                                             void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    if (!code) code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    if (!code) code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    if (!code) code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    return code;
}

static inline CURLMcode gale_multi_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline long gale_info_long(CURL *easy, CURLINFO info) {
    long value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

static inline curl_off_t gale_info_offset(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

static inline void *gale_info_private(CURL *easy) {
    char *value = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value);
    return value;
}

static inline const char *gale_info_text(CURL *easy, CURLINFO info) {
    char *value = NULL;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

/// The union inside CURLMsg, which Swift imports awkwardly.
static inline CURLcode gale_message_result(const CURLMsg *message) {
    return message->data.result;
}

/// A macro of libcurl.
static inline CURLcode gale_global_init(void) {
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

/// A macro for the newest layout that these headers know.
static inline CURLversion gale_version_now(void) {
    return CURLVERSION_NOW;
}
