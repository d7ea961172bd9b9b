/* exchange.c - see exchange.h. */
#include "cmd/pgsim/exchange.h"

#include "cmd/pgsim/pgsim.h"
#include "cmd/pgsim/reply.h"
#include "cmd/pgsim/webhooks.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"
#include "tool/http/http_request.h"
#include "tool/http/http_response.h"

/* What it waits for. */
enum stage { FOR_SYNC, FOR_WEBHOOK, FOR_TIME, FOR_EVER };

struct exchange {
    struct exchange *next, **prev;
    struct pgsim *sim;
    struct http_request *http; /* NULL = the client has left */
    struct exchange_plan plan;
    enum stage stage;
    struct loop_timer timer;
    struct loop_task told;
};

static void end(struct exchange *x)
{
    loop_timer_cancel(x->sim->loop, &x->timer);
    *x->prev = x->next;
    if (x->next)
        x->next->prev = x->prev;
    free(x);
}

static void answer(struct exchange *x)
{
    const struct pgsim *sim = x->sim;

    if (x->http) {
        *http_request_data(x->http) = NULL;
        if (x->plan.closes || x->plan.silent)
            http_drop(x->http);
        else if (x->plan.entry == BOOK_NONE)
            reply_unknown(x->http);
        else
            reply_charge(x->http, x->plan.status, &book_at(sim->book, x->plan.entry)->op);
    }
    end(x);
}

static void on_time(void *arg)
{
    answer(arg);
}

static void wait_for_time(struct exchange *x)
{
    if (x->plan.silent) {
        x->stage = FOR_EVER;
    } else if (x->plan.delay_ms > 0 && !x->sim->draining) {
        x->stage = FOR_TIME;
        loop_timer_set(x->sim->loop, &x->timer, x->plan.delay_ms);
    } else {
        answer(x);
    }
}

static void on_told(void *arg)
{
    wait_for_time(arg);
}

/* The webhook is told whoever asked has left or not. */
static void tell(struct exchange *x)
{
    const struct book *book = x->sim->book;
    const struct book_entry *entry = book_at(book, x->plan.entry);
    const char *authorization = entry->authorization != BOOK_NONE
                                    ? book_at(book, entry->authorization)->op.key
                                    : entry->op.of;
    bool waits = x->plan.card->webhook_first;

    x->stage = waits ? FOR_WEBHOOK : FOR_TIME;
    webhooks_tell(x->sim->webhooks, &entry->op, authorization, x->plan.card,
                  waits ? &x->told : NULL);
    if (!waits)
        wait_for_time(x);
}

void exchange_begin(struct pgsim *sim, struct http_request *http, const struct exchange_plan *plan)
{
    struct exchange *x = MEM_NEW(struct exchange);

    *x = (struct exchange){
        .next = sim->exchanges,
        .prev = &sim->exchanges,
        .sim = sim,
        .http = http,
        .plan = *plan,
        .timer = {.fn = on_time, .arg = x},
        .told = {.fn = on_told, .arg = x}
    };
    if (x->next)
        x->next->prev = &x->next;
    sim->exchanges = x;
    *http_request_data(http) = x;
    if (!plan->card) /* it is of nothing new */
        wait_for_time(x);
}

bool exchanges_synced(struct pgsim *sim)
{
    struct exchange *next;
    bool any = false;

    for (struct exchange *x = sim->exchanges; x; x = next) {
        next = x->next;
        if (x->stage != FOR_SYNC)
            continue;
        any = true;
        tell(x);
    }
    return any;
}

void exchange_gone(struct http_request *http)
{
    struct exchange *x = *http_request_data(http);

    if (!x)
        return;
    x->http = NULL;
    if (x->stage == FOR_TIME || x->stage == FOR_EVER)
        end(x);
}

void exchanges_hurry(struct pgsim *sim)
{
    struct exchange *next;

    for (struct exchange *x = sim->exchanges; x; x = next) {
        next = x->next;
        if (x->stage == FOR_TIME || x->stage == FOR_EVER)
            answer(x);
    }
}

void exchanges_free(struct pgsim *sim)
{
    while (sim->exchanges) {
        struct exchange *x = sim->exchanges;

        sim->exchanges = x->next;
        free(x);
    }
}
