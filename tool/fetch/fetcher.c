/* fetcher.c - who asks again and again: a handle of libcurl, which keeps its connection, for each
 * call that is under way at a time. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "tool/core/mem.h"
#include "tool/fetch/fetch_transfer.h"

enum { IDLE_MAX = 64 };

struct fetcher {
    pthread_mutex_t lock;
    CURL *idle[IDLE_MAX]; /* the one used last is the first to be used again */
    unsigned n;
};

struct fetcher *fetcher_create(void)
{
    struct fetcher *fetcher = MEM_NEW(struct fetcher);

    pthread_mutex_init(&fetcher->lock, NULL);
    return fetcher;
}

void fetcher_destroy(struct fetcher *fetcher)
{
    if (!fetcher)
        return;
    while (fetcher->n > 0)
        fetch_library()->curl_easy_cleanup(fetcher->idle[--fetcher->n]);
    pthread_mutex_destroy(&fetcher->lock);
    free(fetcher);
}

static CURL *take_handle(struct fetcher *fetcher, const struct fetch_library *library)
{
    CURL *curl = NULL;

    pthread_mutex_lock(&fetcher->lock);
    if (fetcher->n > 0)
        curl = fetcher->idle[--fetcher->n];
    pthread_mutex_unlock(&fetcher->lock);
    return curl ? curl : library->curl_easy_init();
}

static void give_handle(struct fetcher *fetcher, const struct fetch_library *library, CURL *curl)
{
    pthread_mutex_lock(&fetcher->lock);
    if (fetcher->n < IDLE_MAX) {
        fetcher->idle[fetcher->n++] = curl;
        curl = NULL;
    }
    pthread_mutex_unlock(&fetcher->lock);
    if (curl)
        library->curl_easy_cleanup(curl);
}

enum fetch_end fetcher_ask(struct fetcher *fetcher, const struct fetch_question *question,
                           const struct fetch_rule *rule, struct fetch_answer *answer,
                           char why[FETCH_WHY_MAX + 1])
{
    const struct fetch_library *library = fetch_library();
    struct fetch_transfer transfer = {.body = NULL};
    CURL *curl = library->trouble ? NULL : take_handle(fetcher, library);
    bool ok;

    snprintf(why, FETCH_WHY_MAX + 1, "%s", library->trouble ? library->trouble : "out of handles");
    if (!curl)
        return FETCH_NEVER_ASKED;
    transfer.body = mem_alloc(1, rule->size_max + 1);
    ok = fetch_transfer(library, curl, question, rule, &transfer, why);
    give_handle(fetcher, library, curl);
    if (!ok) {
        free(transfer.body);
        return transfer.asked ? FETCH_NOT_KNOWN : FETCH_NEVER_ASKED;
    }
    *answer = (struct fetch_answer){(int)transfer.status, transfer.body, transfer.len};
    return FETCH_ANSWERED;
}
