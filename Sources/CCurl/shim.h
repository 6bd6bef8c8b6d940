// libcurl, and names for its variadic functions, which Swift cannot call: one for each type of the third argument.
#ifndef ORCHESTRATE_CCURL_SHIM_H
#define ORCHESTRATE_CCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*orchestrate_curl_sink)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode orchestrate_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode orchestrate_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode orchestrate_curl_set_large(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode orchestrate_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode orchestrate_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode orchestrate_curl_set_sink(CURL *handle, CURLoption option, orchestrate_curl_sink value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode orchestrate_curl_get_number(CURL *handle, CURLINFO information, long *value) {
    return curl_easy_getinfo(handle, information, value);
}

// The protocols by name came with 7.85, which also took the older option into disuse.
static inline CURLcode orchestrate_curl_only_http(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

// What a finished transfer says; a union, which Swift would read through an unsafe cast.
static inline CURLcode orchestrate_curl_result(const CURLMsg *message) { return message->data.result; }

#endif
