/* session_simulation_test.c - people who log in and stay so while everything around them fails: at
 * every point there is, and on thousands of bad days, each from a seed.
 *
 *   SIM_SEEDS=n  how many seeds (default 3000)     SIM_FIRST=n  the first of them (1) */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dataservice/auth/session_store.h"
#include "protocol/auth.h"
#include "test/simulation/sim_house.h"
#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/auth/login.h"
#include "usecase/auth/refresh.h"

enum { SECOND_US = 1000000, PEOPLE = 3, REFRESHES = 5, POINTS_MIN = 20 };
/* A lost answer is asked for again for so long and gets it, whatever the instances' clocks say. */
static const int64_t GRACE_US = (SESSION_GRACE_S - 1) * (int64_t)SECOND_US;

struct auth {
    struct store *accounts, *sessions;
    struct password_hasher *hasher;
    struct token_issuer issuer;
    struct sessions use;
    struct login login;
};

static enum status issue(struct token_issuer *self, const struct call *call, struct uuid subject,
                         struct uuid session, const char *roles, char out[TOKEN_TEXT_MAX + 1],
                         int64_t *expires_in_s)
{
    (void)self;
    (void)call;
    (void)roles;
    (void)subject;
    uuid_text(session, out);
    *expires_in_s = 900;
    return ST_OK;
}

static const struct token_issuer_ops ISSUER = {issue, NULL, NULL};

/* Instances agree on the time, as those of a service do whose machines ask a time server. */
static void set_clock(const struct clock *clock)
{
    struct sim_clock *own = container_of(clock, struct sim_clock, base);

    own->offset_us = 0;
    own->drift_ppm = 0;
}

static enum status auth_start(void *self, const struct service_run *run)
{
    struct auth *auth = self;

    set_clock(run->clock);
    auth->hasher = fake_hasher_create();
    auth->issuer.ops = &ISSUER;
    auth->use = (struct sessions){
        .accounts = auth->accounts,
        .sessions = auth->sessions,
        .transactor = run->transactor,
        .outbox = run->outbox,
        .issuer = &auth->issuer,
        .entropy = run->entropy,
        .limits = {.max = 20, .idle_s = 86400, .lifetime_s = 864000},
    };
    auth->login = (struct login){.accounts = auth->accounts,
                                 .transactor = auth->use.transactor,
                                 .hasher = auth->hasher,
                                 .sessions = &auth->use};
    return ST_OK;
}

static void auth_stop(void *self)
{
    struct password_hasher *hasher = ((struct auth *)self)->hasher;

    hasher->ops->destroy(hasher);
}

static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(AUTH_LOGIN,            login_grant,   struct login_form,   struct login_granted),
     .self = offsetof(struct auth, login)},
    {ENDPOINT_TOGETHER(AUTH_REFRESH, refresh_grant, struct refresh_form, struct login_granted),
     .self = offsetof(struct auth, use)  },
};
static const struct service_store STORES[] = {
    {&ACCOUNT_TABLE, offsetof(struct auth, accounts)},
    {&SESSION_TABLE, offsetof(struct auth, sessions)},
};

static const struct service AUTH = {
    .name = "auth",
    .size = sizeof(struct auth),
    .endpoints = ENDPOINTS,
    .n_endpoints = ARRAY_LEN(ENDPOINTS),
    .stores = STORES,
    .n_stores = ARRAY_LEN(STORES),
    .says = AUTH_EVENTS,
    .start = auth_start,
    .stop = auth_stop,
};

/* Somebody who logs in, then refreshes now and then. */
struct visitor {
    struct sim_house *house;
    char login_id[LOGIN_ID_MAX + 1];
    struct refresh_form token, before; /* "" = none yet */
    int64_t first_us;                  /* when this token was sent first; 0 = not yet */
    int refreshes;
    bool logged_out; /* too late, as he knows */
    const char *wrong;
};

struct world {
    struct sim_house house;
    struct visitor people[PEOPLE];
};

static void act(void *arg);

static void again(struct visitor *p, int64_t most_us)
{
    struct sim *sim = &p->house->sim;

    sim_post(sim, 1000 + (int64_t)sim_below(sim, (uint64_t)most_us), act, p);
}

static enum status ask(struct visitor *p, const struct operation *op, const void *in,
                       struct login_granted *granted)
{
    struct sim_instance *auth = sim_house_instance(sim_house_service(p->house, "auth"));
    struct problem problem = {0};
    struct call call = {.problem = &problem};
    enum status st;

    *granted = (struct login_granted){0};
    if (!auth)
        return ST_UNAVAILABLE;
    call.clock = auth->run.clock;
    call.deadline_ms = clock_now_ms(call.clock) + 5000;
    st = sim_house_serve(auth, op, &call, in, granted);
    sim_note(&p->house->sim, p->login_id, op->subject, st);
    if (st == ST_OK && sim_chance(&p->house->sim, 200)) /* the answer did not reach him */
        return ST_TIMEOUT;
    return st;
}

static void log_in(struct visitor *p)
{
    struct login_granted granted;
    struct login_form form = {.password = "secret"};

    TEXT_COPY(form.login_id, p->login_id);
    if (ask(p, &AUTH_LOGIN, &form, &granted) == ST_OK)
        TEXT_COPY(p->token.refresh_token, granted.refresh_token);
    again(p, SECOND_US);
}

/* Another tab comes with the token that this one has just changed. */
static void come_late(struct visitor *p)
{
    int64_t now_us = p->house->sim.now_us;
    struct login_granted granted;
    enum status st = ask(p, &AUTH_REFRESH, &p->before, &granted);

    if (p->house->sim.now_us - now_us > SECOND_US) /* it stood still meanwhile */
        return;
    if (st == ST_OK && strcmp(granted.refresh_token, p->token.refresh_token) != 0)
        p->wrong = "one token, two successors";
    if (st == ST_UNAUTHENTICATED)
        p->wrong = "logged out by a second tab";
}

static void refresh(struct visitor *p)
{
    struct sim *sim = &p->house->sim;
    struct login_granted granted;
    enum status st;

    p->first_us = p->first_us > 0 ? p->first_us : sim->now_us;
    st = ask(p, &AUTH_REFRESH, &p->token, &granted);
    if (st == ST_UNAUTHENTICATED) {
        p->logged_out = true;
        if (sim->now_us - p->first_us < GRACE_US)
            p->wrong = "logged out, though he came again at once";
        return;
    }
    if (st != ST_OK) {
        again(p, SECOND_US / 2);
        return;
    }
    p->before = p->token;
    TEXT_COPY(p->token.refresh_token, granted.refresh_token);
    if (sim->now_us - p->first_us < SECOND_US && sim_chance(sim, 300))
        come_late(p);
    p->first_us = 0;
    if (++p->refreshes < REFRESHES || sim->now_us < p->house->weather.over_us)
        again(p, 15 * SECOND_US);
}

static void act(void *arg)
{
    struct visitor *p = arg;

    if (p->token.refresh_token[0])
        refresh(p);
    else
        log_in(p);
}

static void start(struct world *w, uint64_t seed, size_t people)
{
    static const struct service *const SERVICES[] = {&AUTH};
    struct call call = {.clock = &CLOCK_SYSTEM};
    struct password_hasher *hasher = fake_hasher_create();
    struct store *accounts;

    call.deadline_ms = clock_now_ms(call.clock) + 60000;
    sim_house_init(&w->house, seed, SERVICES, ARRAY_LEN(SERVICES));
    w->house.client = act;
    accounts = store_memory_create(sim_house_service(&w->house, "auth")->db, &ACCOUNT_TABLE);
    for (size_t i = 0; i < people; i++) {
        struct account account = {.id = {{(uint8_t)(i + 1)}}, .status = ACCOUNT_ACTIVE};
        struct visitor *p = &w->people[i];
        *p = (struct visitor){.house = &w->house};
        snprintf(p->login_id, sizeof(p->login_id), "person%zu", i);
        TEXT_COPY(account.login_id, p->login_id);
        ASSERT(hasher->ops->hash(hasher, &call, "secret", account.password_hash) == ST_OK);
        ASSERT(store_insert(accounts, NULL, &call, &account, NULL) == ST_OK);
        again(p, SECOND_US);
    }
    store_destroy(accounts);
    hasher->ops->destroy(hasher);
}

static size_t sessions_of(struct world *w, const struct visitor *p)
{
    struct memdb_table *rows =
        memdb_table(sim_house_service(&w->house, "auth")->db, "session", sizeof(struct session));
    struct refresh_token token;
    size_t n = 0;

    ASSERT(refresh_token_parse(p->token.refresh_token, &token));
    for (size_t i = 0; i < memdb_count(rows); i++)
        n += uuid_equal(((const struct session *)memdb_row(rows, i))->id, token.session);
    return n;
}

/* NULL, or what is wrong. */
static const char *check(struct world *w, size_t people, size_t *out)
{
    struct outbox *outbox = sim_house_service(&w->house, "auth")->outbox;

    *out = 0;
    for (size_t i = 0; i < people; i++) {
        const struct visitor *p = &w->people[i];
        if (p->wrong)
            return p->wrong;
        if (sessions_of(w, p) != !p->logged_out)
            return p->logged_out ? "logged out, yet there is the session" : "not one session";
        if (!p->logged_out && p->refreshes < REFRESHES)
            return "somebody did not get on";
        *out += p->logged_out;
    }
    return outbox_memory_said(outbox, NULL, NULL, 0) == *out ? NULL
                                                             : "not said as often as it happened";
}

static const char *run(struct world *w, size_t people, size_t *out)
{
    const char *wrong =
        sim_house_settle(&w->house) ? check(w, people, out) : "it does not come to an end";

    sim_house_fini(&w->house);
    return wrong;
}

static void whatever_call_goes_wrong_nobody_is_logged_out(void **state)
{
    static const char *const FATE_NAMES[SIM_FATES] = {"fine", "fails", "loses its answer",
                                                      "crashes before", "crashes after"};

    (void)state;
    for (enum sim_fate fate = SIM_FAIL; fate < SIM_FATES; fate++) {
        uint64_t calls, k = 0;
        do { /* until a run has fewer calls than that */
            struct world *w = MEM_NEW(struct world);
            const char *wrong;
            size_t out = 0;
            start(w, 7, 1);
            w->house.plan = (struct sim_plan){++k, fate};
            wrong = run(w, 1, &out);
            calls = w->house.calls;
            if (wrong || out > 0)
                fail_msg("call %u %s: %s", (unsigned)k, FATE_NAMES[fate],
                         wrong ? wrong : "logged out");
            free(w);
        } while (k <= calls);
        assert_true(k > POINTS_MIN);
    }
}

static uint64_t setting(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);

    return text ? strtoull(text, NULL, 10) : fallback;
}

static void on_bad_days_who_comes_again_in_time_stays_logged_in(void **state)
{
    static const unsigned RARE[] = {0, 0, 20, 100, 300};
    uint64_t first = setting("SIM_FIRST", 1), n = setting("SIM_SEEDS", 3000);
    size_t out_of = 0;

    (void)state;
    for (uint64_t seed = first; seed < first + n; seed++) {
        struct world *w = MEM_NEW(struct world);
        struct sim *sim = &w->house.sim;
        const char *wrong;
        size_t out = 0;
        start(w, seed, PEOPLE);
        w->house.weather = (struct sim_weather){
            .over_us = 20 * (int64_t)SECOND_US,
            .crash = RARE[sim_below(sim, ARRAY_LEN(RARE))],
            .fail = RARE[sim_below(sim, ARRAY_LEN(RARE))],
            .lose = RARE[sim_below(sim, ARRAY_LEN(RARE))],
            .freeze = RARE[sim_below(sim, 4)],
        };
        wrong = run(w, PEOPLE, &out);
        if (wrong)
            fail_msg("seed %" PRIu64 ": %s", seed, wrong);
        out_of += out;
        free(w);
    }
    print_message("# people who came too late for their lost answer: %zu\n", out_of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_call_goes_wrong_nobody_is_logged_out),
        cmocka_unit_test(on_bad_days_who_comes_again_in_time_stays_logged_in),
    };

    log_set_fd(-1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
