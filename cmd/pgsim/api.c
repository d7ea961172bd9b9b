/* api.c - see api.h. */
#include "cmd/pgsim/api.h"

#include <string.h>
#include <strings.h>

#include "cmd/pgsim/book_query.h"
#include "cmd/pgsim/book_report.h"
#include "cmd/pgsim/exchange.h"
#include "cmd/pgsim/issuer.h"
#include "cmd/pgsim/pgsim.h"
#include "cmd/pgsim/reply.h"
#include "cmd/pgsim/card.h"
#include "tool/core/json_text.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/http/http_request.h"

enum { REPORT_MAX = 256 << 20 };

/* ---- asking for an operation ---- */

/* The errors of that key so far; the counter is one more. */
static int count_error(struct pgsim *sim, const char *key)
{
    size_t i = 0;

    while (i < PGSIM_FAILING_MAX && strcmp(sim->failing[i].key, key) != 0)
        i++;
    if (i == PGSIM_FAILING_MAX) {
        i = sim->n_failing++ % PGSIM_FAILING_MAX;
        TEXT_COPY(sim->failing[i].key, key);
        sim->failing[i].errors = 0;
    }
    return sim->failing[i].errors++;
}

static int64_t slowness_ms(const struct pgsim *sim)
{
    return sim->control.mode == CONTROL_SLOW ? sim->control.ms : 0;
}

static bool is_down(const struct pgsim *sim, struct http_request *http)
{
    struct problem problem = {.status = ST_OK};

    if (sim->control.mode != CONTROL_DOWN)
        return false;
    problem_set(&problem, ST_UNAVAILABLE, "provider_down", "The card company is down.");
    reply_refusal(http, &problem);
    return true;
}

static void answer_again(struct pgsim *sim, struct http_request *http, size_t entry,
                         const struct charge *asked)
{
    const struct charge *op = &book_at(sim->book, entry)->op;
    struct problem problem = {.status = ST_OK};

    if (!charge_is_same(op, asked)) {
        problem_set(&problem, ST_UNPROCESSABLE, "key_reused",
                    "This key came with another operation before.");
        reply_refusal(http, &problem);
    } else if (pgsim_sync(sim)) {
        exchange_begin(sim, http,
                       &(struct exchange_plan){.entry = entry,
                                               .status = 200,
                                               .delay_ms = slowness_ms(sim),
                                               .closes = card_find(op->method)->closes});
    }
}

static void decide(struct pgsim *sim, struct http_request *http, struct charge *op)
{
    const struct card *card = card_find(op->method);
    struct exchange_plan plan = {.status = 201, .closes = card->closes};
    size_t of;

    issuer_decide(sim->book, &sim->control, op);
    op->at_us = clock_wall_us(sim->clock);
    plan.entry = pgsim_record(sim, op);
    if (plan.entry == BOOK_NONE) {
        reply_problem(http, ST_OVERLOADED, "The book is full: begin another one.");
        return;
    }
    of = book_at(sim->book, plan.entry)->authorization;
    plan.card = of != BOOK_NONE ? card_find(book_at(sim->book, of)->op.method) : card_find("");
    plan.delay_ms = card->answer_after_ms + slowness_ms(sim);
    log_info("operation", LOG_TEXT("key", op->key), LOG_TEXT("kind", CHARGE_KIND_NAMES[op->kind]),
             LOG_TEXT("state", CHARGE_STATE_NAMES[op->state]),
             LOG_TEXT("reason", op->reason[0] ? op->reason : NULL));
    exchange_begin(sim, http, &plan);
}

static bool is_json(struct http_request *http)
{
    static const char JSON[] = "application/json";
    const char *type = http_request_header(http, "Content-Type");
    size_t len = sizeof(JSON) - 1;

    if (type && strncasecmp(type, JSON, len) == 0 && strchr("; ", type[len]))
        return true;
    reply_problem(http, ST_UNSUPPORTED_TYPE, "Send application/json, in UTF-8.");
    return false;
}

static bool read_body(struct http_request *http, const struct descriptor *d, void *out,
                      struct problem *problem)
{
    size_t len;
    const char *body = http_request_body(http, &len);

    return decode(d, body, len, out, problem) == ST_OK;
}

static void post_operation(struct pgsim *sim, struct http_request *http, const char *rest)
{
    struct problem problem = {.status = ST_OK};
    struct charge asked;
    const struct card *card;
    size_t entry;

    (void)rest;
    if (!is_json(http) || is_down(sim, http))
        return;
    if (!read_body(http, &CHARGE_REQUEST, &asked, &problem) ||
        charge_check(&asked, &problem) != ST_OK) {
        reply_refusal(http, &problem);
        return;
    }
    entry = book_find(sim->book, asked.key);
    card = card_find(asked.method);
    if (entry != BOOK_NONE)
        answer_again(sim, http, entry, &asked);
    else if (card->is_silent)
        exchange_begin(sim, http, &(struct exchange_plan){.entry = BOOK_NONE, .silent = true});
    else if (card->errors > 0 && count_error(sim, asked.key) < card->errors)
        reply_problem(http, ST_INTERNAL, "Something went wrong here.");
    else
        decide(sim, http, &asked);
}

/* ---- looking ---- */

static void get_operation(struct pgsim *sim, struct http_request *http, const char *key)
{
    size_t entry = book_find(sim->book, key);

    if (!is_down(sim, http) && pgsim_sync(sim))
        exchange_begin(
            sim, http,
            &(struct exchange_plan){.entry = entry, .status = 200, .delay_ms = slowness_ms(sim)});
}

struct report {
    const struct book *book;
    struct book_page page;
};

static void write_items(const void *arg, struct json_out *o)
{
    const struct report *report = arg;

    book_report_items(report->book, &report->page, o);
}

static void write_summary(const void *arg, struct json_out *o)
{
    book_report_summary(((const struct report *)arg)->book, o);
}

static void reply_report(struct pgsim *sim, struct http_request *http, json_write_fn write,
                         const struct report *report)
{
    struct json_text text;

    if (!pgsim_sync(sim))
        return;
    if (json_text_write(&text, NULL, 0, REPORT_MAX, write, report))
        reply_json(http, 200, text.text, text.len);
    else
        reply_problem(http, ST_OVERLOADED, "The book is too long for one answer.");
    json_text_fini(&text);
}

static void get_book(struct pgsim *sim, struct http_request *http, const char *rest)
{
    struct report report = {.book = sim->book};
    struct book_query query;
    size_t after = BOOK_NONE;

    (void)rest;
    if (!book_query_read(http_request_query(http), &query)) {
        reply_problem(http, ST_INVALID, "The query may have key, after and limit, once each.");
        return;
    }
    if (query.after[0] && (after = book_find(sim->book, query.after)) == BOOK_NONE) {
        reply_unknown(http);
        return;
    }
    report.page =
        (struct book_page){.key = query.key[0] ? query.key : NULL,
                           .first = after + 1, /* of BOOK_NONE 0 */
                           .max = query.limit < BOOK_MAX ? (size_t)query.limit : BOOK_MAX};
    reply_report(sim, http, write_items, &report);
}

static void get_summary(struct pgsim *sim, struct http_request *http, const char *rest)
{
    (void)rest;
    reply_report(sim, http, write_summary, &(struct report){.book = sim->book});
}

static void post_control(struct pgsim *sim, struct http_request *http, const char *rest)
{
    struct problem problem = {.status = ST_OK};
    struct control control;
    char json[128];
    struct json_out o;

    (void)rest;
    if (!is_json(http))
        return;
    if (!read_body(http, &CONTROL, &control, &problem)) {
        reply_refusal(http, &problem);
        return;
    }
    sim->control = control;
    json_out_init(&o, json, sizeof(json));
    encode(&CONTROL, &control, &o);
    log_info("switched", LOG_TEXT("to", json));
    reply_json(http, 200, json, o.len);
}

/* ---- routes ---- */

static const struct route {
    const char *path, *method;
    void (*fn)(struct pgsim *sim, struct http_request *http, const char *rest);
    bool has_key; /* one more segment, which is the key */
    bool takes_query;
} ROUTES[] = {
    {"/v1/operations",   "POST", post_operation, false, false},
    {"/v1/operations/",  "GET",  get_operation,  true,  false},
    {"/v1/book",         "GET",  get_book,       false, true },
    {"/v1/book/summary", "GET",  get_summary,    false, false},
    {"/v1/control",      "POST", post_control,   false, false},
};

static const struct route *find_route(const char *path, const char **rest)
{
    for (size_t i = 0; i < ARRAY_LEN(ROUTES); i++) {
        size_t len = strlen(ROUTES[i].path);

        *rest = path + len;
        if (ROUTES[i].has_key
                ? strncmp(path, ROUTES[i].path, len) == 0 && charge_is_key(*rest, strlen(*rest))
                : strcmp(path, ROUTES[i].path) == 0)
            return &ROUTES[i];
    }
    return NULL;
}

static bool is_method(const struct route *route, const char *method)
{
    return strcmp(method, route->method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

void api_handle(void *arg, struct http_request *http)
{
    const char *rest;
    const struct route *route = find_route(http_request_path(http), &rest);

    if (!route)
        reply_problem(http, ST_NOT_FOUND,
                      "There are /v1/operations, /v1/operations/{key}, /v1/book, /v1/book/summary "
                      "and /v1/control.");
    else if (!is_method(route, http_request_method(http)))
        reply_not_allowed(http, strcmp(route->method, "GET") == 0 ? "GET, HEAD" : route->method);
    else if (http_request_query(http) && !route->takes_query)
        reply_problem(http, ST_INVALID, "No query is known here.");
    else
        route->fn(arg, http, rest);
}

void api_refuse(void *arg, struct http_request *http, const struct problem *problem)
{
    (void)arg;
    reply_refusal(http, problem);
}

void api_gone(void *arg, struct http_request *http)
{
    (void)arg;
    exchange_gone(http);
}
