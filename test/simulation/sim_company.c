/* sim_company.c - see sim_company.h. */
#include "test/simulation/sim_company.h"

#include <string.h>

#include "dataservice/payment/memory/provider_memory.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { LATENCY_US = 20000, SLOW_US = 4000000, LATE_US = 60000000, AT_ONCE_MS = 60000 };

void sim_company_init(struct sim_company *company, struct sim *sim)
{
    *company = (struct sim_company){.sim = sim, .card = provider_memory_create()};
    sim_clock_init(&company->clock, sim);
}

void sim_company_fini(struct sim_company *company)
{
    company->card->ops->destroy(company->card);
}

/* Of its own people, who are not in a hurry. */
static struct call own_call(const struct sim_company *company)
{
    return (struct call){.clock = &company->clock.base,
                         .deadline_ms = clock_now_ms(&company->clock.base) + AT_ONCE_MS};
}

/* ---- the book ---- */

void sim_company_look(struct sim_company *company)
{
    struct call call = own_call(company);
    enum status st = company->card->ops->book(company->card, &call, "", company->book, SIM_BOOK_MAX,
                                              &company->n);

    ASSERT(st == ST_OK && company->n < SIM_BOOK_MAX);
}

const struct provider_entry *sim_company_find(const struct sim_company *company, const char *key)
{
    for (size_t i = 0; i < company->n; i++)
        if (strcmp(company->book[i].operation.key, key) == 0)
            return &company->book[i];
    return NULL;
}

struct sim_charge sim_company_charge(const struct sim_company *company, const char *key)
{
    struct sim_charge charge = {0};

    for (size_t i = 0; i < company->n; i++) {
        const struct provider_operation *op = &company->book[i].operation;
        bool own = strcmp(op->kind == PROVIDER_AUTHORIZE ? op->key : op->of, key) == 0;
        if (!own || company->book[i].outcome.state != PROVIDER_DONE)
            continue;
        charge.authorized += op->kind == PROVIDER_AUTHORIZE ? op->money.amount : 0;
        charge.captured += op->kind == PROVIDER_CAPTURE ? op->money.amount : 0;
        charge.refunded += op->kind == PROVIDER_REFUND ? op->money.amount : 0;
        charge.voided |= op->kind == PROVIDER_VOID;
    }
    return charge;
}

/* ---- questions ---- */

static enum status decide(struct sim_company *company, const struct provider_operation *op,
                          struct provider_outcome *out)
{
    struct call call = own_call(company);
    enum status st = company->card->ops->ask(company->card, &call, op, out);

    sim_note(company->sim, "company", op->key, st);
    return st;
}

static void arrives(void *arg)
{
    struct sim_letter *letter = arg;
    struct provider_outcome nobody_asks;

    decide(letter->company, &letter->op, &nobody_asks);
}

static void send_late(struct sim_company *company, const struct provider_operation *op)
{
    struct sim_letter *letter = &company->letters[company->n_letters];

    if (company->n_letters == SIM_LETTERS_MAX)
        return;
    company->n_letters++;
    *letter = (struct sim_letter){company, *op};
    sim_post(company->sim, (int64_t)sim_below(company->sim, LATE_US), arrives, letter);
}

/* Of a process. */
struct sim_provider {
    struct payment_provider base;
    struct sim_company *company;
    struct sim_process *process;
};

static struct sim_provider *self_of(struct payment_provider *base)
{
    return container_of(base, struct sim_provider, base);
}

/* The world goes on meanwhile. */
static void wait(struct sim_provider *self, int64_t for_us)
{
    struct sim *sim = self->company->sim;
    int64_t until_us = sim->now_us + for_us;

    ASSERT(self->process->open == 0); /* nobody asks a stranger inside a transaction */
    while (!self->process->dead && sim_turn(sim, until_us))
        ;
}

static enum status silence(struct sim_provider *self, const struct call *call)
{
    wait(self, call_left_ms(call) * 1000);
    return ST_TIMEOUT;
}

static enum status answer(struct sim_provider *self, const struct call *call)
{
    struct sim_company *company = self->company;
    bool storm = company->sim->now_us < company->over_us;
    int64_t most_us = storm && sim_chance(company->sim, company->slow) ? SLOW_US : LATENCY_US;

    if (storm && sim_chance(company->sim, company->mute))
        return silence(self, call);
    wait(self, (int64_t)sim_below(company->sim, (uint64_t)most_us));
    return call_expired(call) ? ST_TIMEOUT : ST_OK;
}

/* The mistake. */
static struct provider_operation disguised(struct sim_provider *self,
                                           const struct provider_operation *op)
{
    struct provider_operation other = *op;
    struct uuid key;

    if (self->process->mistakes->new_keys) {
        self->company->sim->entropy.fill(&self->company->sim->entropy, &key, sizeof(key));
        uuid_text(key, other.key);
    }
    return other;
}

static bool is_away(const struct sim_company *company)
{
    return company->sim->now_us >= company->away.from_us &&
           company->sim->now_us < company->away.until_us;
}

static enum status ask(struct sim_provider *self, const struct call *call,
                       const struct provider_operation *op, struct provider_outcome *out)
{
    struct sim_company *company = self->company;
    bool storm = company->sim->now_us < company->over_us;
    struct provider_operation as_asked = disguised(self, op);
    struct provider_outcome outcome;
    enum status st;

    if (is_away(company))
        return ST_UNAVAILABLE;
    if (storm && sim_chance(company->sim, company->drop))
        return silence(self, call);
    if (storm && sim_chance(company->sim, company->late)) {
        send_late(company, &as_asked);
        return silence(self, call);
    }
    st = decide(company, &as_asked, &outcome);
    if (st == ST_OK)
        st = answer(self, call);
    if (st == ST_OK)
        *out = outcome;
    return st;
}

static enum status find(struct sim_provider *self, const struct call *call, const char *key,
                        struct provider_outcome *out)
{
    struct sim_company *company = self->company;
    struct call own = own_call(company);
    struct provider_outcome outcome;
    enum status found, st;

    if (is_away(company))
        return ST_UNAVAILABLE;
    found = company->card->ops->find(company->card, &own, key, &outcome);
    st = answer(self, call);
    if (st == ST_OK && found == ST_OK)
        *out = outcome;
    return st == ST_OK ? found : st;
}

static enum status read_book(struct sim_provider *self, const struct call *call, const char *after,
                             struct provider_entry *entries, size_t max, size_t *n)
{
    struct sim_company *company = self->company;
    struct call own = own_call(company);
    enum status st = is_away(company) ? ST_UNAVAILABLE : answer(self, call);

    return st == ST_OK ? company->card->ops->book(company->card, &own, after, entries, max, n) : st;
}

static enum sim_fate enter(struct sim_provider *self, const char *what)
{
    enum sim_fate fate;

    self->process->asks = true;
    fate = sim_enter(self->process, what);
    self->process->asks = false;
    return fate;
}

static enum status op_ask(struct payment_provider *base, const struct call *call,
                          const struct provider_operation *op, struct provider_outcome *out)
{
    struct sim_provider *self = self_of(base);
    enum sim_fate fate = enter(self, "provider.ask");

    return sim_goes(fate) ? sim_leave(self->process, fate, "provider.ask", ask(self, call, op, out))
                          : ST_UNAVAILABLE;
}

static enum status op_find(struct payment_provider *base, const struct call *call, const char *key,
                           struct provider_outcome *out)
{
    struct sim_provider *self = self_of(base);
    enum sim_fate fate = enter(self, "provider.find");

    return sim_goes(fate)
               ? sim_leave(self->process, fate, "provider.find", find(self, call, key, out))
               : ST_UNAVAILABLE;
}

static enum status op_book(struct payment_provider *base, const struct call *call,
                           const char *after, struct provider_entry *entries, size_t max, size_t *n)
{
    struct sim_provider *self = self_of(base);
    enum sim_fate fate = enter(self, "provider.book");

    return sim_goes(fate) ? sim_leave(self->process, fate, "provider.book",
                                      read_book(self, call, after, entries, max, n))
                          : ST_UNAVAILABLE;
}

static void op_destroy(struct payment_provider *base)
{
    if (base)
        free(self_of(base));
}

static const struct payment_provider_ops OPS = {
    .ask = op_ask, .find = op_find, .book = op_book, .destroy = op_destroy};

struct payment_provider *sim_company_provider(struct sim_company *company,
                                              struct sim_process *process)
{
    struct sim_provider *self = MEM_NEW(struct sim_provider);

    *self = (struct sim_provider){{&OPS}, company, process};
    return &self->base;
}
