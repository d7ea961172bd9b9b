/* fetch.c - see fetch.h. */
#include "tool/fetch/fetch.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/mem.h"

#define LIBRARY "libcurl.so.4"
#define FUNCTIONS(X)                                                                               \
    X(curl_global_init)                                                                            \
    X(curl_easy_init)                                                                              \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_perform)                                                                           \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_strerror)                                                                          \
    X(curl_easy_cleanup)

/* libcurl's own macros check the arguments of calls by name, which ours are not. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

static struct {
#define X(name) __typeof__(name) *name;
    FUNCTIONS(X)
#undef X
    void *handle;
    const char *trouble; /* NULL = it is there */
} library;

static void load(void)
{
    library.handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library.handle) {
        library.trouble = LIBRARY " is not installed";
        return;
    }
#define X(name)                                                                                    \
    *(void **)&library.name = dlsym(library.handle, #name);                                        \
    if (!library.name)                                                                             \
        library.trouble = LIBRARY " has no " #name;
    FUNCTIONS(X)
#undef X
    if (!library.trouble && library.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        library.trouble = LIBRARY " does not start";
}

struct answer {
    char *body;
    size_t len, max;
};

static size_t take(char *data, size_t size, size_t n, void *arg)
{
    struct answer *answer = arg;

    n *= size;
    if (n > answer->max - answer->len)
        return 0; /* libcurl gives up */
    memcpy(answer->body + answer->len, data, n);
    answer->len += n;
    return n;
}

static int is_stopped(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const atomic_bool *stop = arg;

    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return stop && atomic_load(stop);
}

#define SET(option, value) library.curl_easy_setopt(curl, (option), (value))

static void set_up(CURL *curl, const char *url, const struct fetch_rule *rule,
                   struct answer *answer)
{
    SET(CURLOPT_URL, url);
    SET(CURLOPT_PROTOCOLS_STR, rule->plain ? "http" : "https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TIMEOUT_MS, rule->timeout_ms);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_USERAGENT, "hanok");
    SET(CURLOPT_WRITEFUNCTION, take);
    SET(CURLOPT_WRITEDATA, answer);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, is_stopped);
    SET(CURLOPT_XFERINFODATA, (void *)rule->stop);
    if (rule->plain)
        SET(CURLOPT_PROXY, "");
    if (rule->ca && rule->ca[0]) {
        SET(CURLOPT_CAINFO, rule->ca);
        SET(CURLOPT_CAPATH, (char *)NULL);
    }
}

static bool perform(const char *url, const struct fetch_rule *rule, struct answer *answer,
                    char why[FETCH_WHY_MAX + 1])
{
    CURL *curl = library.curl_easy_init();
    CURLcode code = CURLE_FAILED_INIT;
    long status = 0;

    if (curl) {
        set_up(curl, url, rule, answer);
        code = library.curl_easy_perform(curl);
        library.curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    if (code == CURLE_WRITE_ERROR)
        snprintf(why, FETCH_WHY_MAX + 1, "more than %zu bytes are answered", rule->size_max);
    else if (code != CURLE_OK)
        snprintf(why, FETCH_WHY_MAX + 1, "%s", library.curl_easy_strerror(code));
    else if (status != 200)
        snprintf(why, FETCH_WHY_MAX + 1, "the answer is a %ld", status);
    library.curl_easy_cleanup(curl);
    return code == CURLE_OK && status == 200;
}

bool fetch_get(const char *url, const struct fetch_rule *rule, char **body, size_t *len,
               char why[FETCH_WHY_MAX + 1])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct answer answer = {.max = rule->size_max};
    bool ok = false;

    pthread_once(&once, load);
    why[0] = '\0';
    if (library.trouble) {
        snprintf(why, FETCH_WHY_MAX + 1, "%s", library.trouble);
        return false;
    }
    answer.body = mem_alloc(1, rule->size_max);
    ok = perform(url, rule, &answer, why);
    if (ok) {
        *body = answer.body;
        *len = answer.len;
    } else {
        free(answer.body);
    }
    return ok;
}
