/* sim_company.c - see sim_company.h. */
#include "test/simulation/sim_company.h"

#include <string.h>

#include "test/support/provider_memory.h"
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
    provider_memory_destroy(company->card);
}

/* Of its own people, who are not in a hurry. */
static struct call own_call(const struct sim_company *company)
{
    return (struct call){.clock = &company->clock.base,
                         .deadline_ms = clock_now_ms(&company->clock.base) + AT_ONCE_MS};
}

/* ---- the book ---- */

/* Of its own people: into *out, of op->reply. */
static enum status own_ask(struct sim_company *company, const struct operation *op, const void *in,
                           void *out)
{
    struct call call = own_call(company);
    bool asked;

    return company->card->ops->ask(company->card, &call, op, in, out, &asked);
}

void sim_company_look(struct sim_company *company)
{
    struct provider_since since = {.limit = PROVIDER_PAGE_MAX};
    struct provider_page page;
    enum status st;

    company->n = 0;
    do {
        st = own_ask(company, &PROVIDER_BOOK, &since, &page);
        ASSERT(st == ST_OK && company->n + page.n_items < SIM_BOOK_MAX);
        memcpy(&company->book[company->n], page.items, page.n_items * sizeof(page.items[0]));
        company->n += page.n_items;
        if (company->n > 0)
            TEXT_COPY(since.after, company->book[company->n - 1].operation.key);
    } while (page.n_items == PROVIDER_PAGE_MAX);
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
                          struct provider_entry *out)
{
    enum status st = own_ask(company, &PROVIDER_ASK, op, out);

    sim_note(company->sim, "company", op->key, st);
    return st;
}

static void arrives(void *arg)
{
    struct sim_letter *letter = arg;
    struct provider_entry nobody_asks;

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
    struct remote base;
    struct sim_company *company;
    struct sim_process *process;
};

static struct sim_provider *self_of(struct remote *base)
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
                       const struct provider_operation *op, struct provider_entry *out)
{
    struct sim_company *company = self->company;
    bool storm = company->sim->now_us < company->over_us;
    struct provider_operation as_asked = disguised(self, op);
    struct provider_entry said;
    enum status st;

    if (storm && sim_chance(company->sim, company->drop))
        return silence(self, call);
    if (storm && sim_chance(company->sim, company->late)) {
        send_late(company, &as_asked);
        return silence(self, call);
    }
    st = decide(company, &as_asked, &said);
    if (st == ST_OK)
        st = answer(self, call);
    if (st == ST_OK) {
        *out = said;
        out->operation = *op; /* of a mistake, too: it is not what is looked for */
    }
    return st;
}

/* Of those that change nothing. */
static enum status read(struct sim_provider *self, const struct call *call,
                        const struct operation *op, const void *in, void *out)
{
    void *said = mem_alloc(1, op->reply->size);
    enum status read = own_ask(self->company, op, in, said), st = answer(self, call);

    if (st == ST_OK && read == ST_OK)
        memcpy(out, said, op->reply->size);
    free(said);
    return st == ST_OK ? read : st;
}

static enum status provider_remote_ask(struct remote *base, const struct call *call,
                                       const struct operation *op, const void *in, void *out,
                                       bool *asked)
{
    struct sim_provider *self = self_of(base);
    enum sim_fate fate;

    self->process->asks = true;
    fate = sim_enter(self->process, op->subject);
    self->process->asks = false;
    *asked = sim_goes(fate) && !is_away(self->company);
    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    return sim_leave(self->process, fate, op->subject,
                     !*asked               ? ST_UNAVAILABLE
                     : op == &PROVIDER_ASK ? ask(self, call, in, out)
                                           : read(self, call, op, in, out));
}

static const struct remote_ops OPS = {.ask = provider_remote_ask};

struct remote *sim_company_provider(struct sim_company *company, struct sim_process *process)
{
    struct sim_provider *self = MEM_NEW(struct sim_provider);

    *self = (struct sim_provider){{&OPS}, company, process};
    return &self->base;
}

void sim_company_provider_destroy(struct remote *provider)
{
    free(self_of(provider));
}
