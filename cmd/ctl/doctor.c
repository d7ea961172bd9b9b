/* doctor.c - what must be true of the whole system at any moment. Each service looks at its own
 * rows; here one service's are compared with another's, by asking both. */
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

enum { PAGE = 1000, SUBJECT_MAX = 127, OTHERS_MAX = 3 };

/* clang-format off */
static const struct cell CELLS[] = {
    {"VERDICT", "verdict", CELL_PLAIN, 0},
    {"CHECK",   "check",   CELL_PLAIN, CELL_NAME},
    {"SERVICE", "service", CELL_PLAIN, 0},
    {"COUNT",   "count",   CELL_PLAIN, 0},
    {"EXAMPLE", "example", CELL_PLAIN, 0},
    {"ADVICE",  "advice",  CELL_PLAIN, CELL_WIDE},
};
/* clang-format on */
static const struct listing FINDINGS = {CELLS, ARRAY_LEN(CELLS)};

/* A set of ids that a service knows (struct id_set). */
struct set {
    const char *service, *name;
};

/* Each id of a set is in all others, by the same value, or in none. While one is on its way from
 * one service to another it is in doubt: what seems broken is asked again, first the set and then
 * the others. */
struct comparison {
    const char *check, *advice;
    struct set each, others[OTHERS_MAX];
    bool is_in; /* or in none */
};

/* clang-format off */
static const struct comparison COMPARISONS[] = {
    {"an active account has a profile",
     "The person can log in and has no profile: sign-up went wrong, or user's rows were lost.",      {"auth", "active_accounts"},
     {{"user", "profiles"}},
     true },
    {"a profile has an account",
     "Nobody can reach the profile: remove it, or bring auth's rows back.",                          {"user", "profiles"},
     {{"auth", "accounts"}},
     true },
    {"a compensated signup leaves nothing",
     "What is left was to be undone: hanokctl saga ls --state COMPENSATED, and the services' logs.", {"auth", "compensated_signups"},
     {{"auth", "accounts"}, {"user", "profiles"}},
     false},
    {"a hidden profile has a withdrawal under way",
     "Nobody shows it again, nor erases it: see user's removal_id and hanokctl saga ls.",            {"user", "hidden_profiles"},
     {{"auth", "withdrawing_accounts"}},
     true },
    {"a withdrawn account leaves nothing",
     "What is left was to be erased: hanokctl saga ls --type withdrawal, and the services' logs.",   {"auth", "withdrawn_accounts"},
     {{"auth", "accounts"}, {"user", "profiles"}, {"user", "hidden_profiles"}},
     false},
    {"a confirmed order is paid for, by its total",
     "It was confirmed without its money, or for another amount: hanokctl order show, payment show.", {"order", "confirmed_orders"},
     {{"payment", "paid_orders"}},
     true },
    {"an order that came to nothing costs and holds nothing",
     "Its payment was to be undone and its units freed: hanokctl order show, and the services' logs.", {"order", "dropped_orders"},
     {{"payment", "charged_orders"}, {"catalog", "holding_orders"}},
     false},
    {"an order that came to nothing is not made",
     "Its store is at work for nobody: hanokctl order show, and tell the store.",                    {"order", "dropped_orders"},
     {{"store", "taken_orders"}},
     false},
    {"an order that came to nothing is brought by nobody",
     "A courier would go for nothing, or has gone: hanokctl order show, and what delivery has said of it.", {"order", "dropped_orders"},
     {{"delivery", "open_deliveries"}, {"delivery", "done_deliveries"}},
     false},
    /* What is said is kept for a week: who was away for longer has not heard it. */
    {"a confirmed order has a ticket",
     "Its store has not heard of it: hanokctl order cancel gives the money back.",                   {"order", "standing_orders"},
     {{"store", "tickets"}},
     true },
    {"what a store is at work on is charged",
     "The provider has declined, or payment has not heard of it: settle it before the authorization ends.", {"store", "worked_orders"},
     {{"payment", "captured_orders"}},
     true },
    {"what a store has accepted has a delivery",
     "No courier has heard of it: have it brought, or hanokctl order cancel.",                       {"store", "worked_orders"},
     {{"delivery", "deliveries"}},
     true },
    {"what is cooked may be fetched",
     "Couriers are told that it is not ready: tell them, or hanokctl order cancel.",                 {"store", "cooked_orders"},
     {{"delivery", "ready_deliveries"}},
     true },
    {"what was picked up has left its store",
     "Its ticket is still at the counter: the courier has it.",                                      {"delivery", "fetched_deliveries"},
     {{"store", "left_tickets"}},
     true },
    {"what was delivered is completed",
     "The order has not heard of it: it is at the door.",                                            {"delivery", "brought_deliveries"},
     {{"order", "completed_orders"}},
     true },
    {"an order knows what its payment came to",
     "It has not heard of it, or amounts were changed by hand: hanokctl payment show.",              {"payment", "settled_orders"},
     {{"order", "payments"}},
     true },
    {"an order whose ticket was dropped is canceled",
     "Nobody makes it, and its money is held: hanokctl order cancel.",                               {"store", "dropped_tickets"},
     {{"order", "called_off_orders"}},
     true },
};
/* clang-format on */

void doctor_add(json_t *items, const char *check, const char *verdict, const char *service,
                json_int_t count, const char *example, const char *advice)
{
    json_array_append_new(items, json_pack("{s:s,s:s,s:s,s:I,s:s*,s:s}", "check", check, "verdict",
                                           verdict, "service", service, "count", count, "example",
                                           example, "advice", advice));
}

/* ---- comparing ---- */

/* ids of a set: those after `after`, or those of `ids` that are in it. NULL: it failed, why says
 * so; else owned. */
static json_t *ask_ids(struct session *session, const struct set *set, const char *after,
                       json_t *ids, char why[BUS_WHY_MAX + 1])
{
    json_t *body = json_pack("{s:s,s:O*,s:s*}", "set", set->name, "ids", ids, "after", after);
    char subject[SUBJECT_MAX + 1];
    struct answer answer;
    json_t *found = NULL;

    snprintf(subject, sizeof(subject), "%s.admin.id.%s", set->service, ids ? "keep" : "list");
    bus_ask(session->bus, subject, body, &answer);
    if (answer.code == EXIT_DONE)
        found = json_incref(json_object_get(answer.body, "ids"));
    memcpy(why, answer.why, sizeof(answer.why));
    answer_fini(&answer);
    json_decref(body);
    return found;
}

static bool has_id(const json_t *ids, const char *id)
{
    size_t i;
    json_t *one;

    json_array_foreach (ids, i, one) {
        if (strcmp(json_string_value(json_object_get(one, "id")), id) == 0)
            return true;
    }
    return false;
}

/* Those of ids that are in kept, or those that are not. Owned. */
static json_t *sift(const json_t *ids, const json_t *kept, bool is_in)
{
    json_t *index = json_object(), *out = json_array(), *one;
    size_t i;

    json_array_foreach (kept, i, one) {
        json_object_set_new(index, json_string_value(json_object_get(one, "id")), json_true());
    }
    json_array_foreach (ids, i, one) {
        const char *id = json_string_value(json_object_get(one, "id"));
        if ((json_object_get(index, id) != NULL) == is_in)
            json_array_append(out, one);
    }
    json_decref(index);
    return out;
}

/* Those of ids that break the comparison. NULL: it failed. Owned. */
static json_t *ask_others(struct session *session, const struct comparison *c, json_t *ids,
                          char why[BUS_WHY_MAX + 1])
{
    json_t *broken = json_array();

    for (size_t i = 0; i < OTHERS_MAX && c->others[i].service && broken; i++) {
        json_t *kept = ask_ids(session, &c->others[i], NULL, ids, why), *some, *one;
        size_t k;

        if (!kept) {
            json_decref(broken);
            return NULL;
        }
        some = sift(ids, kept, !c->is_in);
        json_array_foreach (some, k, one) {
            if (!has_id(broken, json_string_value(json_object_get(one, "id"))))
                json_array_append(broken, one);
        }
        json_decref(some);
        json_decref(kept);
    }
    return broken;
}

/* One page: those that break it, asked again. NULL: it failed. Owned. */
static json_t *compare_page(struct session *session, const struct comparison *c, json_t *ids,
                            char why[BUS_WHY_MAX + 1])
{
    json_t *broken = ask_others(session, c, ids, why), *again;

    if (!broken || json_array_size(broken) == 0)
        return broken;
    again = ask_ids(session, &c->each, NULL, broken, why);
    json_decref(broken);
    return again;
}

static const char *last_id(const json_t *ids)
{
    size_t n = json_array_size(ids);

    return n == 0 ? NULL : json_string_value(json_object_get(json_array_get(ids, n - 1), "id"));
}

struct outcome {
    json_int_t count;
    char example[40], why[BUS_WHY_MAX + 1];
    bool failed;
};

static void compare_all(struct session *session, const struct comparison *c, struct outcome *out)
{
    char after[40] = "";
    json_t *ids, *broken;
    size_t n = PAGE;

    while (n == PAGE && !out->failed) {
        ids = ask_ids(session, &c->each, after[0] ? after : NULL, NULL, out->why);
        n = json_array_size(ids);
        broken = ids && n > 0 ? compare_page(session, c, ids, out->why) : json_incref(ids);
        out->failed = !broken;
        if (broken && n > 0 && json_array_size(broken) > 0) {
            out->count += (json_int_t)json_array_size(broken);
            TEXT_COPY(out->example, last_id(broken));
        }
        if (n > 0)
            TEXT_COPY(after, last_id(ids));
        json_decref(broken);
        json_decref(ids);
    }
}

static const char *missing(const struct comparison *c, const struct found *services, size_t n)
{
    if (!ask_has(services, n, c->each.service))
        return c->each.service;
    for (size_t i = 0; i < OTHERS_MAX && c->others[i].service; i++)
        if (!ask_has(services, n, c->others[i].service))
            return c->others[i].service;
    return NULL;
}

static void compare(struct session *session, const struct comparison *c,
                    const struct found *services, size_t n, json_t *items)
{
    struct outcome out = {0};
    const char *away = missing(c, services, n);
    char advice[64];

    if (away) {
        snprintf(advice, sizeof(advice), "%s does not answer.", away);
        doctor_add(items, c->check, "SKIPPED", c->each.service, 0, NULL, advice);
        return;
    }
    compare_all(session, c, &out);
    if (out.failed)
        doctor_add(items, c->check, "UNKNOWN", c->each.service, 0, NULL, out.why);
    else
        doctor_add(items, c->check, out.count > 0 ? "BROKEN" : "OK", c->each.service, out.count,
                   out.example[0] ? out.example : NULL, c->advice);
}

/* ---- instances ---- */

static void look_at_instances(struct session *session, json_t *items)
{
    json_t *instances, *one;
    enum exit_code code = ask_items(session, "admin.status", NULL, true, &instances);
    json_int_t unready = 0, open = 0;
    size_t i;

    json_array_foreach (instances, i, one) {
        unready += !json_is_true(json_object_get(one, "ready"));
        open += json_integer_value(json_object_get(one, "openBreakers"));
    }
    json_decref(instances);
    if (code != EXIT_DONE)
        return;
    doctor_add(items, "every instance is ready", unready > 0 ? "BROKEN" : "OK", "", unready, NULL,
               "hanokctl status says what is missing.");
    doctor_add(items, "no circuit breaker is open", open > 0 ? "BROKEN" : "OK", "", open, NULL,
               "hanokctl breaker ls says which; what it asks does not answer.");
}

/* ---- all ---- */

static void advise(FILE *out, const json_t *finding)
{
    const char *service = json_string_value(json_object_get(finding, "service"));
    bool of_one = service && service[0];

    fprintf(out, "\n%s%s%s%s: %s\n", json_string_value(json_object_get(finding, "check")),
            of_one ? " (" : "", of_one ? service : "", of_one ? ")" : "",
            json_string_value(json_object_get(finding, "advice")));
}

/* What is broken, each with what to do. */
static enum exit_code conclude(const struct session *session, const json_t *items)
{
    bool says = session->style.format == TABLE_NARROW;
    enum exit_code code = EXIT_DONE;
    size_t i;
    json_t *one;

    table_print(&session->style, &FINDINGS, items);
    json_array_foreach (items, i, one) {
        const char *verdict = json_string_value(json_object_get(one, "verdict"));
        if (strcmp(verdict, "OK") == 0 || strcmp(verdict, "SKIPPED") == 0)
            continue;
        code = EXIT_NOT_SO;
        if (says)
            advise(session->style.out, one);
    }
    return code;
}

enum exit_code ctl_doctor(struct session *session)
{
    struct found *services = mem_alloc(SERVICES_MAX, sizeof(*services));
    json_t *items = NULL;
    size_t n = 0;
    enum exit_code code = session_connect(session);

    if (code == EXIT_DONE)
        code = ask_services(session, services, &n);
    if (code == EXIT_DONE)
        code = ask_items(session, "admin.doctor", NULL, false, &items);
    if (code == EXIT_DONE) {
        for (size_t i = 0; i < ARRAY_LEN(COMPARISONS); i++)
            compare(session, &COMPARISONS[i], services, n, items);
        look_at_instances(session, items);
        doctor_look_at_keys(session, services, n, items);
        doctor_look_at_dashboard(session, services, n, items);
        doctor_look_at_streams(session, items);
        code = conclude(session, items);
    }
    json_decref(items);
    free(services);
    return code;
}
