// libcurl, with wrappers for its variadic functions, which Swift cannot call: one for each type of the third argument.
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

// Version 7.85 introduced protocols by name and deprecated the older option.
static inline CURLcode orchestrate_curl_only_http(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

// Returns the result of a finished transfer. It is in a union, which Swift can read only by an unsafe cast.
static inline CURLcode orchestrate_curl_result(const CURLMsg *message) { return message->data.result; }

#endif
