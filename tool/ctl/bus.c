/* bus.c - see bus.h. */
#include "tool/ctl/bus.h"

#include <nats/nats.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/clock.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/message/link_options.h"
#include "tool/message/message.h"

#define INBOX "_INBOX.hanokctl"
enum { QUIET_MS = 250, INBOX_MAX = 63, LISTEN_MS = 60000 };

/* Of nobody in particular: what counts is the role. */
#define NOBODY "00000000-0000-0000-0000-000000000000"

struct bus {
    natsConnection *nc;
    char request_id[65];
    int64_t timeout_ms;
};

static void fail(struct answer *out, enum exit_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void fail(struct answer *out, enum exit_code code, const char *fmt, ...)
{
    va_list args;

    out->code = code;
    va_start(args, fmt);
    vsnprintf(out->why, sizeof(out->why), fmt, args);
    va_end(args);
}

void answer_fini(struct answer *answer)
{
    json_decref(answer->body);
    answer->body = NULL;
}

/* ---- the connection ---- */

/* What happens in between is asked for when a question fails; libnats would print it. */
static void ignore_error(natsConnection *nc, natsSubscription *sub, natsStatus s, void *arg)
{
    (void)nc;
    (void)sub;
    (void)s;
    (void)arg;
}

static natsStatus set_options(natsOptions *o, const struct context *context, int64_t timeout_ms)
{
    const struct link_config config = {
        .url = context->url,
        .name = "hanokctl",
        .user = context->user[0] ? context->user : NULL,
        .password = context->password,
        .tls_ca = context->ca[0] ? context->ca : NULL,
    };
    natsStatus s = link_options_set(o, &config);

    if (s == NATS_OK && context->token[0])
        s = natsOptions_SetToken(o, context->token);
    if (s == NATS_OK && context->creds[0])
        s = natsOptions_SetUserCredentialsFromFiles(o, context->creds, NULL);
    if (s == NATS_OK && context->cert[0])
        s = natsOptions_LoadCertificatesChain(o, context->cert, context->key);
    if (s == NATS_OK)
        s = natsOptions_SetCustomInboxPrefix(o, INBOX);
    if (s == NATS_OK)
        s = natsOptions_SetTimeout(o, timeout_ms);
    if (s == NATS_OK)
        s = natsOptions_SetAllowReconnect(o, false);
    if (s == NATS_OK)
        s = natsOptions_SetErrorHandler(o, ignore_error, NULL);
    return s;
}

struct bus *bus_connect(const struct context *context, const char *request_id, int64_t timeout_ms,
                        enum exit_code *code, char why[BUS_WHY_MAX + 1])
{
    struct bus *bus = MEM_NEW(struct bus);
    natsOptions *o = NULL;
    natsStatus s = natsOptions_Create(&o);

    TEXT_COPY(bus->request_id, request_id);
    bus->timeout_ms = timeout_ms;
    *code = EXIT_USAGE;
    if (s == NATS_OK)
        s = set_options(o, context, timeout_ms);
    if (s != NATS_OK) {
        snprintf(why, BUS_WHY_MAX + 1, "the context %s names files that cannot be used: %s",
                 context->name, natsStatus_GetText(s));
    } else {
        s = natsConnection_Connect(&bus->nc, o);
        *code = s == NATS_CONNECTION_AUTH_FAILED ? EXIT_DENIED : EXIT_UNREACHABLE;
        if (*code == EXIT_DENIED)
            snprintf(why, BUS_WHY_MAX + 1, "NATS refuses the user or its password; see %.300s",
                     context->path);
        else if (s != NATS_OK)
            snprintf(why, BUS_WHY_MAX + 1, "NATS is not to be reached at %.300s: %s", context->url,
                     natsStatus_GetText(s));
    }
    natsOptions_Destroy(o);
    if (s == NATS_OK)
        return bus;
    bus_close(bus);
    return NULL;
}

void bus_close(struct bus *bus)
{
    if (!bus)
        return;
    natsConnection_Destroy(bus->nc);
    free(bus);
}

/* ---- asking ---- */

static natsStatus add_headers(const struct bus *bus, natsMsg *msg, const struct bus_header *more,
                              size_t n)
{
    char left[24];
    natsStatus s;

    snprintf(left, sizeof(left), "%lld", (long long)bus->timeout_ms);
    s = natsMsgHeader_Set(msg, HEADER_REQUEST_ID, bus->request_id);
    if (s == NATS_OK)
        s = natsMsgHeader_Set(msg, HEADER_TIMEOUT, left);
    if (s == NATS_OK)
        s = natsMsgHeader_Set(msg, HEADER_AUTH_SUBJECT, NOBODY);
    if (s == NATS_OK)
        s = natsMsgHeader_Set(msg, HEADER_AUTH_ROLES, "operator");
    for (size_t i = 0; i < n && s == NATS_OK; i++)
        s = natsMsgHeader_Set(msg, more[i].name, more[i].value);
    return s;
}

static natsMsg *make_message(const struct bus *bus, const char *subject, const char *inbox,
                             const json_t *body, const struct bus_header *headers, size_t n)
{
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    const char *data = text ? text : "{}";
    natsMsg *msg = NULL;
    natsStatus s = natsMsg_Create(&msg, subject, inbox, data, (int)strlen(data));

    free(text);
    if (s == NATS_OK)
        s = add_headers(bus, msg, headers, n);
    if (s == NATS_OK)
        return msg;
    natsMsg_Destroy(msg);
    return NULL;
}

/* ---- answers ---- */

static enum exit_code code_of(int http)
{
    switch (http) {
    case 401:
    case 403:
        return EXIT_DENIED;
    case 503:
        return EXIT_UNREACHABLE;
    case 504:
        return EXIT_TIMEOUT;
    default:
        return EXIT_NOT_SO;
    }
}

/* {"detail":"...","errors":[{"field":"role","reason":"must be ..."}]} as a sentence. */
static void explain(struct answer *out, const char *subject, int http)
{
    const char *detail = json_string_value(json_object_get(out->body, "detail"));
    const json_t *first = json_array_get(json_object_get(out->body, "errors"), 0);
    const char *field = json_string_value(json_object_get(first, "field"));
    const char *reason = json_string_value(json_object_get(first, "reason"));

    if (field && reason)
        fail(out, code_of(http), "%s %s", field, reason);
    else if (detail && http < 500)
        fail(out, code_of(http), "%s", detail);
    else if (detail)
        fail(out, code_of(http), "%s answered %d: %s", subject, http, detail);
    else
        fail(out, code_of(http), "%s answered %d", subject, http);
}

static bool is_no_responders(const natsMsg *msg)
{
    return natsMsg_IsNoResponders((natsMsg *)msg);
}

static void read_answer(natsMsg *msg, const char *subject, struct answer *out)
{
    const char *error = NULL, *code = NULL;
    json_error_t why;

    if (is_no_responders(msg)) {
        fail(out, EXIT_UNREACHABLE, "nobody answers %s: is its service running?", subject);
        return;
    }
    out->body = json_loadb(natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg), 0, &why);
    if (natsMsgHeader_Get(msg, HEADER_ERROR, &error) == NATS_OK) {
        int http = natsMsgHeader_Get(msg, HEADER_ERROR_CODE, &code) == NATS_OK
                       ? (int)strtol(code, NULL, 10)
                       : 500;
        explain(out, subject, http);
    } else if (!out->body) {
        fail(out, EXIT_NOT_SO, "%s answered what is no JSON", subject);
    }
}

/* A question that is not allowed stays without an answer. */
static bool is_denied(const struct bus *bus)
{
    const char *denied = NULL;

    return natsConnection_GetLastError(bus->nc, &denied) == NATS_NOT_PERMITTED;
}

/* Why none came. */
static void no_answer(const struct bus *bus, const char *subject, natsStatus s, struct answer *out)
{
    if (is_denied(bus))
        fail(out, EXIT_DENIED, "NATS does not let this user ask %s: use an operator's context",
             subject);
    else if (s == NATS_NO_RESPONDERS)
        fail(out, EXIT_UNREACHABLE, "nobody answers %s: is its service running?", subject);
    else if (s == NATS_TIMEOUT)
        fail(out, EXIT_TIMEOUT, "no answer from %s within %lld s; what was asked may have happened",
             subject, (long long)bus->timeout_ms / 1000);
    else if (s == NATS_INVALID_SUBJECT || s == NATS_INVALID_ARG)
        fail(out, EXIT_USAGE, "%s is no subject", subject);
    else
        fail(out, EXIT_UNREACHABLE, "%s cannot be asked: %s", subject, natsStatus_GetText(s));
}

void bus_ask_as(struct bus *bus, const char *subject, const json_t *body,
                const struct bus_header *headers, size_t n, struct answer *out)
{
    natsMsg *msg = make_message(bus, subject, NULL, body, headers, n), *reply = NULL;
    natsStatus s =
        msg ? natsConnection_RequestMsg(&reply, bus->nc, msg, bus->timeout_ms) : NATS_INVALID_ARG;

    *out = (struct answer){.code = EXIT_DONE};
    if (s == NATS_OK)
        read_answer(reply, subject, out);
    else
        no_answer(bus, subject, s, out);
    natsMsg_Destroy(reply);
    natsMsg_Destroy(msg);
}

void bus_ask(struct bus *bus, const char *subject, const json_t *body, struct answer *out)
{
    bus_ask_as(bus, subject, body, NULL, 0, out);
}

/* ---- asking everybody ---- */

static void new_inbox(char inbox[INBOX_MAX + 1])
{
    char id[UUID_TEXT_LEN + 1];

    uuid_text(uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM), id);
    snprintf(inbox, INBOX_MAX + 1, INBOX ".%s", id);
}

/* Adds one answer to the array; false when it is an error, or says that nobody is there. */
static bool add_answer(natsMsg *msg, const char *subject, struct answer *out)
{
    struct answer one = {.code = EXIT_DONE};

    if (is_no_responders(msg))
        return false;
    read_answer(msg, subject, &one);
    if (one.code == EXIT_DONE)
        json_array_append(out->body, one.body);
    else
        fail(out, one.code, "%s", one.why);
    answer_fini(&one);
    return out->code == EXIT_DONE;
}

static natsStatus collect(struct bus *bus, natsSubscription *sub, const char *subject, size_t want,
                          struct answer *out)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + bus->timeout_ms;
    bool more = true;

    while (more && (want == 0 || json_array_size(out->body) < want)) {
        int64_t left_ms = until_ms - clock_now_ms(&CLOCK_SYSTEM);
        natsMsg *msg = NULL;
        natsStatus s;

        if (want == 0 && json_array_size(out->body) > 0 && left_ms > QUIET_MS)
            left_ms = QUIET_MS;
        s = natsSubscription_NextMsg(&msg, sub, left_ms > 0 ? left_ms : 1);
        if (s == NATS_TIMEOUT || s == NATS_NO_RESPONDERS)
            return is_denied(bus) ? s : NATS_OK;
        if (s != NATS_OK)
            return s;
        more = add_answer(msg, subject, out);
        natsMsg_Destroy(msg);
    }
    return NATS_OK;
}

void bus_gather(struct bus *bus, const char *subject, const json_t *body, size_t want,
                struct answer *out)
{
    natsSubscription *sub = NULL;
    char inbox[INBOX_MAX + 1];
    natsMsg *msg = NULL;
    natsStatus s;

    *out = (struct answer){.code = EXIT_DONE, .body = json_array()};
    new_inbox(inbox);
    s = natsConnection_SubscribeSync(&sub, bus->nc, inbox);
    if (s == NATS_OK)
        msg = make_message(bus, subject, inbox, body, NULL, 0);
    if (s == NATS_OK)
        s = msg ? natsConnection_PublishMsg(bus->nc, msg) : NATS_INVALID_ARG;
    if (s == NATS_OK)
        s = collect(bus, sub, subject, want, out);
    if (s != NATS_OK)
        no_answer(bus, subject, s, out);
    natsMsg_Destroy(msg);
    natsSubscription_Destroy(sub);
}

/* ---- listening ---- */

static json_t *headers_of(natsMsg *msg)
{
    json_t *headers = json_object();
    const char **keys = NULL;
    int n = 0;

    if (natsMsgHeader_Keys(msg, &keys, &n) != NATS_OK)
        return headers;
    for (int i = 0; i < n; i++) {
        const char *value;
        if (natsMsgHeader_Get(msg, keys[i], &value) == NATS_OK)
            json_object_set_new(headers, keys[i], json_string(value));
    }
    free((void *)keys);
    return headers;
}

static bool tell(natsMsg *msg, bus_heard_fn fn, void *arg)
{
    json_t *headers = headers_of(msg);
    json_t *data = json_loadb(natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg), 0, NULL);
    bool more = fn(arg, natsMsg_GetSubject(msg), headers, data);

    json_decref(headers);
    json_decref(data);
    return more;
}

enum exit_code bus_listen(struct bus *bus, const char *subject, int64_t idle_ms, bus_heard_fn fn,
                          void *arg, char why[BUS_WHY_MAX + 1])
{
    struct answer out = {.code = EXIT_DONE};
    natsSubscription *sub = NULL;
    natsStatus s = natsConnection_SubscribeSync(&sub, bus->nc, subject);
    bool more = s == NATS_OK;

    while (more) {
        natsMsg *msg = NULL;
        s = natsSubscription_NextMsg(&msg, sub, idle_ms > 0 ? idle_ms : LISTEN_MS);
        if (s == NATS_OK)
            more = tell(msg, fn, arg);
        else if (s != NATS_TIMEOUT || idle_ms > 0)
            more = false;
        natsMsg_Destroy(msg);
    }
    if (s != NATS_OK && s != NATS_TIMEOUT)
        no_answer(bus, subject, s, &out);
    memcpy(why, out.why, sizeof(out.why));
    natsSubscription_Destroy(sub);
    return out.code;
}
