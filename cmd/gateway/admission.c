/* admission.c - see admission.h. */
#include "cmd/gateway/admission.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/network.h"
#include "tool/crypto/digest.h"
#include "tool/resilience/bucket.h"

enum { BUCKETS = 32768 };

struct admission {
    struct admission_config config;
    uint8_t key[DIGEST_SHORT_KEY_LEN];
    struct bucket_table *buckets;
    struct metric *refused;
};

struct admission *admission_create(const struct admission_config *config)
{
    struct admission *a = MEM_NEW(struct admission);

    a->config = *config;
    config->entropy->fill(config->entropy, a->key, sizeof(a->key));
    a->buckets = bucket_table_create(BUCKETS);
    a->refused = metrics_counter(config->metrics, "hanok_rate_refused_total",
                                 "Requests refused because their client sent too many.", "");
    if (config->off)
        log_warn("limits are off: no client is held, however much it sends");
    return a;
}

void admission_destroy(struct admission *a)
{
    if (!a)
        return;
    bucket_table_destroy(a->buckets);
    free(a);
}

/* ---- rates ---- */

/* Whose bucket: one a class and client, whatever tier. The class by its name, so that a reload
 * finds it again. */
static uint64_t bucket_key(const struct admission *a, const struct rate_class *class,
                           const struct call *call)
{
    struct {
        char class[RATE_NAME_MAX + 1], who[NETWORK_TEXT_MAX + 1];
    } text = {0};

    memcpy(text.class, class->name, rate_class_stem_len(class));
    if (call->user[0])
        TEXT_COPY(text.who, call->user);
    else
        network_of(call->client, text.who);
    return digest_short(a->key, &text, sizeof(text.class) + strlen(text.who));
}

bool admission_rate(struct admission *a, const struct rate_class *class, const struct call *call,
                    struct rated *rated)
{
    if (!class || a->config.off)
        return true;
    rated->class = class;
    if (bucket_take(a->buckets, bucket_key(a, class, call), &class->rate,
                    clock_now_ms(a->config.clock), &rated->level))
        return true;
    metric_add(a->refused, 1);
    return false;
}

void rated_add_headers(const struct rated *rated, struct http_response *res,
                       struct rated_text *text)
{
    if (!rated->class)
        return;
    rate_class_policy(rated->class, text->policy);
    rate_class_limit(rated->class, &rated->level, text->limit);
    http_response_header(res, "RateLimit-Policy", text->policy);
    http_response_header(res, "RateLimit", text->limit);
}
