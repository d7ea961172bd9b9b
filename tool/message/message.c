/* message.c - messages over libnats', and what of a call travels in their headers. */
#include "tool/message/message_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/core/header.h"

void message_init(struct message *m, natsMsg *raw)
{
    const char **names = NULL;
    int n = 0;

    m->raw = raw;
    m->n_headers = 0;
    if (natsMsgHeader_Keys(raw, &names, &n) != NATS_OK)
        return; /* none */
    for (int i = 0; i < n && m->n_headers < MESSAGE_READ_MAX; i++) {
        struct message_header *h = &m->headers[m->n_headers];
        h->name = names[i];
        if (natsMsgHeader_Get(raw, names[i], &h->value) == NATS_OK)
            m->n_headers++;
    }
    free((void *)names);
}

/* Asked by libnats whenever a message is destroyed: "will another thread free it?" Its own answer
 * is yes, always: a lock, a wake-up and two threads at one heap for each message, a third of what a
 * request costs the gateway. Ours stands in for it, as the first definition the dynamic linker
 * meets; where a build of libnats hides the symbol, everything stays as it was. */
bool natsGC_collect(void *item);
bool natsGC_collect(void *item)
{
    (void)item;
    return false;
}

/* libnats takes the random part of its inboxes from OpenSSL, which for that starts the whole of
 * itself: 1.5 MB of every process that speaks no TLS. Ours stands in for it in the same way; the
 * kernel's randomness is no weaker. */
int RAND_bytes(unsigned char *buf, int num);
int RAND_bytes(unsigned char *buf, int num)
{
    if (num < 0)
        return 0;
    ENTROPY_SYSTEM.fill(&ENTROPY_SYSTEM, buf, (size_t)num);
    return 1;
}

void message_fini(struct message *m)
{
    natsMsg_Destroy(m->raw);
    m->raw = NULL;
}

const char *message_subject(const struct message *m)
{
    return natsMsg_GetSubject(m->raw);
}

const char *message_data(const struct message *m, size_t *len)
{
    *len = (size_t)natsMsg_GetDataLength(m->raw);
    return natsMsg_GetData(m->raw);
}

const char *message_header(const struct message *m, const char *name)
{
    for (size_t i = 0; i < m->n_headers; i++)
        if (strcasecmp(m->headers[i].name, name) == 0)
            return m->headers[i].value;
    return NULL;
}

enum status message_status(const struct message *m)
{
    const char *code = message_header(m, HEADER_ERROR_CODE);

    return code ? status_from_http((int)strtol(code, NULL, 10)) : ST_OK;
}

bool message_is_overloaded(const struct message *m)
{
    static const char SAID[] = "\"code\":\"overloaded\"";
    const char *code = message_header(m, HEADER_ERROR_CODE);
    size_t len;
    const char *data = message_data(m, &len);

    return code && strcmp(code, "503") == 0 && len > 0 &&
           memmem(data, len, SAID, sizeof(SAID) - 1) != NULL;
}

const char *message_reply_to(const struct message *m)
{
    const char *reply_to = natsMsg_GetReply(m->raw);

    return reply_to && reply_to[0] != '\0' ? reply_to : NULL;
}

natsMsg *message_build(const struct message_out *out, const char *subject, const char *reply_to)
{
    natsMsg *raw = NULL;

    if (natsMsg_Create(&raw, subject, reply_to, out->data, (int)out->len) != NATS_OK)
        return NULL;
    for (size_t i = 0; i < out->n_headers; i++) {
        if (natsMsgHeader_Set(raw, out->headers[i].name, out->headers[i].value) != NATS_OK) {
            natsMsg_Destroy(raw);
            return NULL;
        }
    }
    return raw;
}

void message_add_header(struct message_out *out, const char *name, const char *value)
{
    if (!value || value[0] == '\0' || strpbrk(value, "\r\n"))
        return;
    ASSERT(out->n_headers < MESSAGE_HEADERS_MAX);
    out->headers[out->n_headers++] = (struct message_header){.name = name, .value = value};
}

static void write_if_match(int64_t version, char *out, size_t size)
{
    if (version > 0)
        snprintf(out, size, "\"%lld\"", (long long)version);
    else
        snprintf(out, size, "%s", version == CALL_ANY_VERSION ? "*" : "\"\"");
}

void message_add_call(struct message_out *out, const struct call *call,
                      struct message_call_text *text)
{
    snprintf(text->timeout, sizeof(text->timeout), "%lld", (long long)call_left_ms(call));
    message_add_header(out, HEADER_TIMEOUT, text->timeout);
    message_add_header(out, HEADER_REQUEST_ID, call->request_id);
    message_add_header(out, HEADER_TRACEPARENT, call->traceparent);
    message_add_header(out, HEADER_TRACESTATE, call->tracestate);
    message_add_header(out, HEADER_AUTH_SUBJECT, call->user);
    message_add_header(out, HEADER_AUTH_ROLES, call->roles);
    if (!uuid_is_nil(call->session))
        message_add_header(out, HEADER_AUTH_SESSION, uuid_text(call->session, text->session));
    message_add_header(out, HEADER_AUTH_CLIENT, call->client);
    message_add_header(out, HEADER_AUTH_AGENT, call->agent);
    message_add_header(out, HEADER_IDEMPOTENCY_KEY, call->idempotency_key);
    if (call->wait_ms > 0) {
        snprintf(text->prefer, sizeof(text->prefer), "wait=%d",
                 (int)((call->wait_ms + 999) / 1000));
        message_add_header(out, HEADER_PREFER, text->prefer);
    }
    if (call->if_version) {
        write_if_match(call->if_version, text->if_match, sizeof(text->if_match));
        message_add_header(out, HEADER_IF_MATCH, text->if_match);
    }
}

/* Who asks. */
static void read_caller(const struct message *m, struct call *call)
{
    const char *subject = message_header(m, HEADER_AUTH_SUBJECT);
    const char *roles = message_header(m, HEADER_AUTH_ROLES);
    const char *session = message_header(m, HEADER_AUTH_SESSION);
    const char *client = message_header(m, HEADER_AUTH_CLIENT);
    const char *agent = message_header(m, HEADER_AUTH_AGENT);
    struct uuid id;

    if (subject && uuid_parse(subject, &id))
        uuid_text(id, call->user);
    if (roles && header_is_printable(roles, CALL_ROLES_MAX))
        TEXT_COPY(call->roles, roles);
    if (session)
        uuid_parse(session, &call->session);
    if (client && header_is_printable(client, CALL_CLIENT_MAX))
        TEXT_COPY(call->client, client);
    if (agent && header_is_printable(agent, CALL_AGENT_MAX))
        TEXT_COPY(call->agent, agent);
}

void message_read_call(const struct message *m, const struct clock *clock,
                       int64_t default_timeout_ms, struct call *call)
{
    const char *request_id = message_header(m, HEADER_REQUEST_ID);
    const char *traceparent = message_header(m, HEADER_TRACEPARENT);
    const char *tracestate = message_header(m, HEADER_TRACESTATE);
    const char *key = message_header(m, HEADER_IDEMPOTENCY_KEY);
    const char *timeout = message_header(m, HEADER_TIMEOUT);
    const char *prefer = message_header(m, HEADER_PREFER);
    const char *if_match = message_header(m, HEADER_IF_MATCH);
    int64_t timeout_ms = timeout ? header_timeout_ms(timeout) : -1;

    *call = (struct call){.clock = clock};
    call->deadline_ms = clock_now_ms(clock) + (timeout_ms >= 0 ? timeout_ms : default_timeout_ms);
    if (request_id && header_is_request_id(request_id))
        TEXT_COPY(call->request_id, request_id);
    if (traceparent && header_is_traceparent(traceparent))
        TEXT_COPY(call->traceparent, traceparent);
    if (tracestate && call->traceparent[0])
        header_keep_tracestate(tracestate, call->tracestate);
    read_caller(m, call);
    if (key && header_is_printable(key, CALL_IDEMPOTENCY_KEY_MAX))
        TEXT_COPY(call->idempotency_key, key);
    if (prefer)
        call->wait_ms = header_wait_ms(prefer);
    if (if_match)
        call->if_version = header_if_version(if_match);
    if (if_match && call->if_version == 0)
        call->if_version = CALL_NO_VERSION;
}
