/* routes_bucket.c - asks the bucket's stream for what is newer than what is known: nearly always
 * nothing, which is a small message. No consumer, so nothing is left behind of a gateway that dies.
 */
#include "cmd/gateway/routes_bucket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"

enum { LOOK_MS = 1000, LINK_MS = 50, TIMEOUT_MS = 2000, AFRESH = 30 };

struct routes_bucket {
    struct routes_bucket_config config;
    char name[ROUTES_BUCKET_MAX + 1], subject[ROUTES_BUCKET_SUBJECT_MAX + 1];
    struct loop_timer timer; /* the next look */
    bool asking, failing, there;
    uint64_t request_slot;
    unsigned long long seen; /* sequence of the newest that is known; 0 = none */
    char since[40];          /* and its time: in a bucket made anew sequences come again */
    unsigned looks;          /* since one asked whatever is known: at AFRESH the next one does, as
                                the bucket may be another, above all when NATS was away */
};

static void look_in(struct routes_bucket *bucket, int64_t ms)
{
    loop_timer_set(bucket->config.loop, &bucket->timer, ms);
}

static void take(struct routes_bucket *bucket, const struct message *reply, bool gone)
{
    size_t len;
    const char *data = message_data(reply, &len);
    char *text = NULL;

    if (!gone) {
        text = mem_alloc(1, len + 1);
        memcpy(text, data, len);
    }
    if (text || bucket->there)
        bucket->config.changed(bucket->config.arg, text);
    bucket->there = text != NULL;
    free(text);
}

static void on_reply(void *arg, enum status st, const struct message *reply)
{
    struct routes_bucket *bucket = arg;
    const char *sequence = st == ST_OK ? message_header(reply, "Nats-Sequence") : NULL;
    const char *since = sequence ? message_header(reply, "Nats-Time-Stamp") : NULL;
    unsigned long long seen = sequence ? strtoull(sequence, NULL, 10) : 0;

    bucket->asking = false;
    if (st != ST_OK && !bucket->failing) /* once, not every second of an outage */
        log_warn("routes not looked for", LOG_TEXT("bucket", bucket->name), LOG_STATUS(st));
    bucket->failing = st != ST_OK;
    if (bucket->failing)
        bucket->looks = AFRESH;
    if (since &&
        (seen != bucket->seen || strncmp(since, bucket->since, sizeof(bucket->since) - 1) != 0)) {
        bucket->seen = seen;
        snprintf(bucket->since, sizeof(bucket->since), "%s", since);
        take(bucket, reply, message_header(reply, "KV-Operation") != NULL);
        look_in(bucket, 0); /* there may be a newer one already */
    } else {
        look_in(bucket, LOOK_MS);
    }
}

static void look(void *arg)
{
    struct routes_bucket *bucket = arg;
    bool afresh = bucket->seen == 0 || bucket->looks >= AFRESH;
    char data[160];
    struct message_out out = {.subject = bucket->subject, .data = data};

    out.len = (size_t)(afresh ? snprintf(data, sizeof(data), "{\"last_by_subj\":\"$KV.%s.routes\"}",
                                         bucket->name)
                              : snprintf(data, sizeof(data),
                                         "{\"seq\":%llu,\"next_by_subj\":\"$KV.%s.routes\"}",
                                         bucket->seen + 1, bucket->name));
    bucket->looks = afresh ? 0 : bucket->looks + 1;
    if (message_client_request(bucket->config.client, &out, TIMEOUT_MS, on_reply, bucket,
                               &bucket->request_slot) == ST_OK) {
        bucket->asking = true;
        return;
    }
    bucket->looks = AFRESH;
    look_in(bucket, link_is_up(bucket->config.link) ? LOOK_MS : LINK_MS);
}

struct routes_bucket *routes_bucket_create(const struct routes_bucket_config *config)
{
    struct routes_bucket *bucket = MEM_NEW(struct routes_bucket);

    bucket->config = *config;
    TEXT_COPY(bucket->name, config->name);
    routes_bucket_subject(bucket->name, bucket->subject);
    bucket->timer = (struct loop_timer){.fn = look, .arg = bucket};
    look_in(bucket, 0);
    return bucket;
}

void routes_bucket_destroy(struct routes_bucket *bucket)
{
    if (!bucket)
        return;
    loop_timer_cancel(bucket->config.loop, &bucket->timer);
    if (bucket->asking)
        message_client_cancel(bucket->config.client, bucket->request_slot);
    free(bucket);
}

const char *routes_bucket_check(const void *name)
{
    static const char CHARS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    return strspn(name, CHARS) == strlen(name) && strlen(name) <= ROUTES_BUCKET_MAX
               ? NULL
               : "a bucket's name is of letters, digits, '-' and '_'";
}

void routes_bucket_subject(const char *name, char subject[ROUTES_BUCKET_SUBJECT_MAX + 1])
{
    snprintf(subject, ROUTES_BUCKET_SUBJECT_MAX + 1, "$JS.API.DIRECT.GET.KV_%s", name);
}
