/* corpus_kinds.c - see corpus_kinds.h. */
#include "test/corpus/corpus_kinds.h"

#include <stdlib.h>

#include "protocol/events.h"
#include "protocol/operations.h"
#include "tool/core/mem.h"
#include "tool/encoder/fill_test.h"
#include "tool/encoder/schema.h"
#include "usecase/auth/signup.h"
#include "usecase/order/orders.h"

/* Sagas whose rows are read by the version after. */
static const struct saga_type *const SAGAS[] = {&SIGNUP_SAGA, &PLACE_ORDER_SAGA, &PAY_ORDER_SAGA};

static struct corpus_kind kind_of(enum corpus_use use, const struct operation *op,
                                  const struct descriptor *d, const char *what)
{
    struct corpus_kind kind = {.use = use, .op = op, .descriptor = d};

    if (op)
        snprintf(kind.name, sizeof(kind.name), "%s.%s", op->subject, what);
    else
        TEXT_COPY(kind.name, what);
    return kind;
}

void corpus_each_kind(void (*each)(const struct corpus_kind *kind, void *arg), void *arg)
{
    struct corpus_kind kind;

    for (size_t i = 0; OPERATIONS[i]; i++) {
        const struct operation *op = OPERATIONS[i];
        kind = kind_of(CORPUS_REQUEST, op, op->request, "request");
        if (op->request)
            each(&kind, arg);
        kind = kind_of(CORPUS_REPLY, op, op->reply, "reply");
        if (op->reply)
            each(&kind, arg);
        kind = kind_of(CORPUS_REFUSAL, op, &PROBLEM_BODY, "refusals");
        if (op->errors)
            each(&kind, arg);
    }
    for (size_t i = 0; i < ARRAY_LEN(SAGAS); i++) {
        kind = kind_of(CORPUS_STORED, NULL, SAGAS[i]->data, "");
        snprintf(kind.name, sizeof(kind.name), "saga.%s", SAGAS[i]->name);
        each(&kind, arg);
    }
    for (size_t i = 0; event_type_at(i); i++) {
        kind = kind_of(CORPUS_STORED, NULL, event_type_at(i)->data, "");
        snprintf(kind.name, sizeof(kind.name), "event.%s", event_type_at(i)->name);
        each(&kind, arg);
    }
    kind = kind_of(CORPUS_PROBLEM, NULL, &PROBLEM_BODY, "problem");
    each(&kind, arg);
}

struct writing {
    void (*each)(const char *json, void *arg);
    void *arg;
};

static void write_problem(const struct writing *to, const struct problem *p)
{
    char text[CORPUS_LINE_MAX];
    struct json_out o;

    json_out_init(&o, text, sizeof(text));
    encode_problem(p, "/users/42", "request-1", &o);
    to->each(text, to->arg);
}

static void write_problems(const struct writing *to)
{
#define X(name, http, code_, title) name,
    static const enum status ALL[] = {STATUS_LIST(X)};
#undef X
    struct problem p;

    for (size_t i = 0; i < ARRAY_LEN(ALL); i++) {
        if (status_http(ALL[i]) < 400)
            continue;
        p = (struct problem){.status = ST_OK};
        problem_set(&p, ALL[i], status_code(ALL[i]), "Why it is so.");
        write_problem(to, &p);
    }
    p = (struct problem){.status = ST_OK};
    problem_field(&p, "items[3].price", "must be %d to %d", 1, 1000);
    problem_field(&p, "email", "is required");
    write_problem(to, &p);
}

/* Every member, then the required ones, with each name an enum may have. */
static void write_messages(const struct writing *to, const struct descriptor *d)
{
    enum { VARIANTS = 16 };

    for (int i = 0; i < 2 * VARIANTS; i++) {
        char *value = mem_alloc(1, d->size), text[CORPUS_LINE_MAX];
        struct json_out o;
        fill_message(d, value, i < VARIANTS, i);
        json_out_init(&o, text, sizeof(text));
        encode(d, value, &o);
        to->each(text, to->arg);
        free(value);
    }
}

void corpus_each_today(const struct corpus_kind *kind, void (*each)(const char *json, void *arg),
                       void *arg)
{
    struct writing to = {each, arg};

    if (kind->use == CORPUS_PROBLEM) {
        write_problems(&to);
    } else if (kind->use == CORPUS_REFUSAL) {
        for (const struct operation_error *e = kind->op->errors; e->code; e++) {
            struct problem p = {.status = ST_OK};
            problem_set(&p, e->status, e->code, "%s", e->when);
            write_problem(&to, &p);
        }
    } else {
        write_messages(&to, kind->descriptor);
    }
}
