/* fetch.h - asking over HTTP, within bounds: by libcurl, which is loaded when something is fetched
 * first, so that a process that fetches nothing does not pay for it. */
#ifndef TOOL_FETCH_FETCH_H
#define TOOL_FETCH_FETCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { FETCH_WHY_MAX = 255 };

struct fetch_rule {
    size_t size_max;         /* bytes of the answer */
    long timeout_ms;         /* for all of it */
    long connect_ms;         /* of that, to get a connection; 0 = no limit of its own */
    bool plain;              /* http:// is right, and no proxy asked; else https:// */
    const char *ca;          /* file of the CAs the server is known by; NULL, "" = the system's */
    const atomic_bool *stop; /* once it is true the fetch ends within a second; NULL = never */
};

/** Blocks; any thread. A 200 and nothing else: no redirection is followed. *body is freed by the
 * caller. False with why. */
bool fetch_get(const char *url, const struct fetch_rule *rule, char **body, size_t *len,
               char why[FETCH_WHY_MAX + 1]);

struct fetch_question {
    const char *url;
    const char *body; /* of a POST; NULL = GET */
    size_t len;
    const char *const *fields; /* "Name: value", NULL-terminated; NULL = none */
};

struct fetch_answer {
    int status; /* 100..599 */
    char *body; /* NUL-terminated; free() it */
    size_t len;
};

enum fetch_end {
    FETCH_ANSWERED,
    FETCH_NEVER_ASKED, /* no connection came about, and no byte of the question left */
    FETCH_NOT_KNOWN,   /* it may have been asked: what came is no whole answer */
};

/* Who asks again and again: connections stay open. */
struct fetcher;

struct fetcher *fetcher_create(void);
/** Nobody asks any more. NULL is fine. */
void fetcher_destroy(struct fetcher *fetcher);
/** Blocks; any thread, several at a time. *answer is set with FETCH_ANSWERED, which is any status;
 * else why. What a connection does not take because it has ended meanwhile is asked once more on
 * a new one, by libcurl: for questions that may be asked twice. */
enum fetch_end fetcher_ask(struct fetcher *fetcher, const struct fetch_question *question,
                           const struct fetch_rule *rule, struct fetch_answer *answer,
                           char why[FETCH_WHY_MAX + 1]);

#endif
