/* discovery.c - ADR-32's three verbs, each for all services, for those of a name, for one instance.
 */
#include "tool/message/discovery.h"

#include <stdio.h>

#include "tool/core/json_text.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/message/message_private.h"

enum { VERBS = 3, SCOPES = 3 };

struct discovery;

struct verb {
    const char *name, *type;
    void (*write)(const struct discovery *d,
                  struct json_out *o); /* what comes after the identity */
};

/* One subscription: a verb in a scope. */
struct listener {
    struct link_sub sub;
    struct discovery *discovery;
    const struct verb *verb;
};

struct discovery {
    struct responder_config config;
    const struct responder_entry *entries;
    size_t n_entries;
    char id[UUID_TEXT_LEN + 1];
    char started[CLOCK_TEXT_MAX + 1];
    struct listener listeners[VERBS * SCOPES];
};

static void write_nothing(const struct discovery *d, struct json_out *o)
{
    (void)d;
    (void)o;
}

static void write_endpoint_start(const struct responder_entry *e, struct json_out *o)
{
    json_out_open(o, '{');
    json_out_member(o, "name", e->name);
    json_out_member(o, "subject", e->spec->subject);
    json_out_member(o, "queue_group", e->spec->everyone ? "" : ENDPOINT_QUEUE);
}

static void write_info(const struct discovery *d, struct json_out *o)
{
    json_out_member(o, "description", d->config.description);
    json_out_key(o, "endpoints");
    json_out_open(o, '[');
    for (size_t i = 0; i < d->n_entries; i++) {
        write_endpoint_start(&d->entries[i], o);
        json_out_key(o, "metadata"); /* of strings: a schema is text in there, not an object */
        json_out_open(o, '{');
        json_out_member(o, "request_schema", d->entries[i].spec->request_schema);
        json_out_member(o, "response_schema", d->entries[i].spec->reply_schema);
        json_out_close(o, '}');
        json_out_close(o, '}');
    }
    json_out_close(o, ']');
}

static void write_stats(const struct discovery *d, struct json_out *o)
{
    json_out_member(o, "started", d->started);
    json_out_key(o, "endpoints");
    json_out_open(o, '[');
    for (size_t i = 0; i < d->n_entries; i++) {
        const struct responder_entry *e = &d->entries[i];
        write_endpoint_start(e, o);
        json_out_member_int(o, "num_requests", e->n_requests);
        json_out_member_int(o, "num_errors", e->n_errors);
        json_out_member(o, "last_error", e->last_error);
        json_out_member_int(o, "processing_time", e->processing_ns);
        json_out_member_int(o, "average_processing_time",
                            e->n_requests > 0 ? e->processing_ns / e->n_requests : 0);
        json_out_close(o, '}');
    }
    json_out_close(o, ']');
    if (!d->config.stats_data)
        return;
    json_out_key(o, "data");
    json_out_open(o, '{');
    d->config.stats_data(d->config.arg, o);
    json_out_close(o, '}');
}

static const struct verb VERB_ROWS[VERBS] = {
    {"PING",  "io.nats.micro.v1.ping_response",  write_nothing},
    {"INFO",  "io.nats.micro.v1.info_response",  write_info   },
    {"STATS", "io.nats.micro.v1.stats_response", write_stats  },
};

static void write_reply(const void *arg, struct json_out *o)
{
    const struct listener *listener = arg;
    const struct discovery *d = listener->discovery;
    const struct verb *verb = listener->verb;

    json_out_open(o, '{');
    json_out_member(o, "type", verb->type);
    json_out_member(o, "name", d->config.name);
    json_out_member(o, "id", d->id);
    json_out_member(o, "version", d->config.version);
    json_out_key(o, "metadata");
    json_out_open(o, '{');
    if (d->config.metadata)
        d->config.metadata(d->config.arg, o);
    json_out_close(o, '}');
    verb->write(d, o);
    json_out_close(o, '}');
}

static void on_asked(void *arg, natsMsg *raw)
{
    struct listener *listener = arg;
    struct discovery *d = listener->discovery;
    const char *reply_to = raw ? natsMsg_GetReply(raw) : NULL;
    enum status st = ST_TOO_LARGE;
    struct json_text text;

    if (reply_to && json_text_write(&text, NULL, 0, MESSAGE_PAYLOAD_MAX, write_reply, listener)) {
        struct message_out out = {.data = text.text, .len = text.len};

        st = link_publish(d->config.link, &out, reply_to, NULL);
        json_text_fini(&text);
    }
    if (reply_to && st != ST_OK)
        log_warn("cannot answer discovery", LOG_TEXT("verb", listener->verb->name), LOG_STATUS(st));
    natsMsg_Destroy(raw);
}

struct discovery *discovery_create(const struct responder_config *config,
                                   const struct responder_entry *entries, size_t n)
{
    struct discovery *d = MEM_NEW(struct discovery);

    d->config = *config;
    d->entries = entries;
    d->n_entries = n;
    uuid_text(uuid_v7(config->clock, &ENTROPY_SYSTEM), d->id);
    clock_text(clock_wall_us(config->clock), d->started);
    for (size_t i = 0; i < VERBS * SCOPES; i++) {
        struct listener *l = &d->listeners[i];
        char *subject = l->sub.subject;
        size_t size = sizeof(l->sub.subject);

        l->discovery = d;
        l->verb = &VERB_ROWS[i % VERBS];
        switch (i / VERBS) {
        case 0:
            snprintf(subject, size, "$SRV.%s", l->verb->name);
            break;
        case 1:
            snprintf(subject, size, "$SRV.%s.%s", l->verb->name, config->name);
            break;
        default:
            snprintf(subject, size, "$SRV.%s.%s.%s", l->verb->name, config->name, d->id);
        }
        l->sub.fn = on_asked;
        l->sub.arg = l;
        link_add_sub(config->link, &l->sub);
    }
    return d;
}

void discovery_destroy(struct discovery *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < VERBS * SCOPES; i++)
        link_remove_sub(d->config.link, &d->listeners[i].sub);
    free(d);
}
