/* fetch_library.h - libcurl, loaded when something is fetched first. Private to tool/fetch. */
#ifndef TOOL_FETCH_FETCH_LIBRARY_H
#define TOOL_FETCH_FETCH_LIBRARY_H

#include <curl/curl.h>

#define FETCH_FUNCTIONS(X)                                                                         \
    X(curl_global_init)                                                                            \
    X(curl_easy_init)                                                                              \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_perform)                                                                           \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_strerror)                                                                          \
    X(curl_easy_reset)                                                                             \
    X(curl_easy_cleanup)                                                                           \
    X(curl_slist_append)                                                                           \
    X(curl_slist_free_all)

/* libcurl's own macros check the arguments of calls by name, which ours are not. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

struct fetch_library {
#define X(name) __typeof__(name) *name;
    FETCH_FUNCTIONS(X)
#undef X
    void *handle;
    const char *trouble; /* why nothing can be fetched; NULL = it is there */
};

/** Loads it once; any thread. */
const struct fetch_library *fetch_library(void);

#endif
