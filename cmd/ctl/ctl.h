/* ctl.h - what the verbs of hanokctl share: the options, the session, questions to services. */
#ifndef CMD_CTL_CTL_H
#define CMD_CTL_CTL_H

#include "tool/ctl/bus.h"
#include "tool/ctl/command.h"
#include "tool/ctl/table.h"

enum { NAME_MAX_LEN = 31, SERVICES_MAX = 64 };

struct options {
    char context[CONTEXT_NAME_MAX + 1];
    int format, state; /* enum table_format; an index of SAGA_STATES_WANTED */
    bool no_headings, quiet, yes, watch, now, leaked;
    int64_t timeout_ms, older_ms, limit, after, ms, memory_mib;
    char service[NAME_MAX_LEN + 1], type[48], as[37], key[37], store[37], status[32], roles[128];
    char monitor[128];
};

/* Bits of option_row.takes and command.takes. */
enum {
    TAKES_SERVICE = 1,
    TAKES_WATCH = 2,
    TAKES_YES = 4,
    TAKES_SAGAS = 8, /* --state, --older */
    TAKES_AS = 16,
    TAKES_TYPE = 32,
    TAKES_KEY = 64,
    TAKES_LIMIT = 128,
    TAKES_AFTER = 256,
    TAKES_MONITOR = 512,
    TAKES_ROTATION = 1024, /* --now, --leaked */
    TAKES_COST = 2048,     /* --ms, --memory-mib */
    TAKES_STATUS = 4096,
    TAKES_STORE = 8192,
};

struct session {
    const struct command_set *set;
    const struct command_line *line;
    struct options options;
    struct table_style style;
    struct bus *bus; /* NULL until session_connect */
};

/* A service, by who answers $SRV.PING. */
struct found {
    char name[NAME_MAX_LEN + 1];
    size_t instances;
};

extern const struct command_set HANOKCTL;
/** The texts of options.state, NULL-terminated. */
extern const char *const SAGA_STATES_WANTED[];

/* session.c */

/** Says what is wrong and what to do; returns code. */
enum exit_code session_fail(const struct session *session, enum exit_code code, const char *fmt,
                            ...) __attribute__((format(printf, 3, 4)));
/** The same of an answer that is none; with -o json as the problem that came. Frees it. */
enum exit_code session_no(const struct session *session, struct answer *answer);
/** Once; EXIT_DONE also when it is connected already. */
enum exit_code session_connect(struct session *session);
/** The connection is lost: waits until there is one again. EXIT_DONE; anything else was said. */
enum exit_code session_connect_again(struct session *session);
/** Has the person said yes, by --yes or by typing word? EXIT_DONE | EXIT_USAGE, said. */
enum exit_code session_confirm(const struct session *session, const char *what, const char *word);
/** Runs fn once, or with --watch again and again until it fails. */
enum exit_code session_watch(struct session *session,
                             enum exit_code (*fn)(struct session *session));

/* ask.c */

/** The services that are there, by name, or the one of --service whether it is there or not. */
enum exit_code ask_services(struct session *session, struct found *out, size_t *n);
/** Asks <service>.<what> of each service and gathers the items of their answers, each with its
 * "service"; every instance with everyone, whose answer is an item itself when it has no "items".
 * Services that do not know the question are left out. items: owned. */
enum exit_code ask_items(struct session *session, const char *what, const json_t *body,
                         bool everyone, json_t **items);
/** Asks <service>.<what> of one service after the other until one does not answer "not found".
 * EXIT_DONE: *found is its answer, owned, with its "service". Else it has been said. */
enum exit_code ask_first(struct session *session, const char *what, const json_t *body,
                         json_t **found);

/** Is a service of this name among them? */
bool ask_has(const struct found *services, size_t n, const char *name);

/* absent.c */

/** Adds to the answers to admin.status, each with its "service", one of those that should be there
 * and answer nothing: "ready" is false, "missing" says so. */
void absent_add(struct session *session, json_t *statuses);

/* keys.c */

/** The answers of all instances of auth to auth.admin.keys.list. EXIT_DONE: *instances, owned, has
 * one at least. Else it has been said. */
enum exit_code keys_gather(struct session *session, json_t **instances);
/** Each key once, with "instances": how many have it. Owned. */
json_t *keys_merge(const json_t *instances);

/* doctor_keys.c */

/** Adds what is to be said of the signing keys, where auth is among the services. */
void doctor_look_at_keys(struct session *session, const struct found *services, size_t n,
                         json_t *items);

/* doctor_streams.c */

/** Adds what is to be said of JetStream's streams and consumers to items. */
void doctor_look_at_streams(struct session *session, json_t *items);
/** Adds one line to items: verdict is OK, BROKEN, UNKNOWN or SKIPPED. */
void doctor_add(json_t *items, const char *check, const char *verdict, const char *service,
                json_int_t count, const char *example, const char *advice);

/* dashboard.c */

/** Adds whether the dashboard is what its owners say, where it is among the services. */
void doctor_look_at_dashboard(struct session *session, const struct found *services, size_t n,
                              json_t *items);

/* shop.c */

/** Asks as one who administers the shop. body: taken over. EXIT_DONE: *reply, owned. Else it has
 * been said, and *reply is NULL. */
enum exit_code shop_ask(struct session *session, const char *subject, json_t *body, json_t **reply);
/** A number that was typed, all of the text. False: it is none, or too large. */
bool shop_read_units(const char *text, json_int_t *out);
/** The same of what is shown beside something else: NULL, and nothing said, where there is none.
 * The session is connected. */
json_t *shop_look(struct session *session, const char *subject, json_t *body);
/** The items of a list, page by page, --limit at most; body: taken over. items: owned. */
enum exit_code shop_list(struct session *session, const char *subject, json_t *body,
                         json_t **items);
/** A table below another, under a heading; nothing where there are no items, nor as JSON. */
void shop_print_part(const struct session *session, const char *heading,
                     const struct listing *listing, const json_t *items);

/* payment.c */

extern const struct listing PAYMENT_OPERATIONS;

/* The verbs; each is a row of main.c. */

enum exit_code ctl_status(struct session *session);
enum exit_code ctl_service_ls(struct session *session);
enum exit_code ctl_service_info(struct session *session);
enum exit_code ctl_service_stats(struct session *session);
enum exit_code ctl_breaker_ls(struct session *session);
enum exit_code ctl_saga_ls(struct session *session);
enum exit_code ctl_saga_show(struct session *session);
enum exit_code ctl_saga_watch(struct session *session);
enum exit_code ctl_saga_retry(struct session *session);
enum exit_code ctl_saga_compensate(struct session *session);
enum exit_code ctl_outbox_lag(struct session *session);
enum exit_code ctl_outbox_replay(struct session *session);
enum exit_code ctl_dead_ls(struct session *session);
enum exit_code ctl_dead_show(struct session *session);
enum exit_code ctl_dead_replay(struct session *session);
enum exit_code ctl_dead_drop(struct session *session);
enum exit_code ctl_event_ls(struct session *session);
enum exit_code ctl_event_tail(struct session *session);
enum exit_code ctl_user_show(struct session *session);
enum exit_code ctl_user_grant(struct session *session);
enum exit_code ctl_user_revoke(struct session *session);
enum exit_code ctl_user_logout(struct session *session);
enum exit_code ctl_order_ls(struct session *session);
enum exit_code ctl_order_show(struct session *session);
enum exit_code ctl_order_cancel(struct session *session);
enum exit_code ctl_payment_ls(struct session *session);
enum exit_code ctl_payment_show(struct session *session);
enum exit_code ctl_payment_refund(struct session *session);
enum exit_code ctl_payment_ledger(struct session *session);
enum exit_code ctl_stock_ls(struct session *session);
enum exit_code ctl_stock_show(struct session *session);
enum exit_code ctl_stock_add(struct session *session);
enum exit_code ctl_store_ls(struct session *session);
enum exit_code ctl_store_tickets(struct session *session);
enum exit_code ctl_store_open(struct session *session);
enum exit_code ctl_store_close(struct session *session);
enum exit_code ctl_delivery_ls(struct session *session);
enum exit_code ctl_delivery_show(struct session *session);
enum exit_code ctl_delivery_end(struct session *session);
enum exit_code ctl_dashboard_ls(struct session *session);
enum exit_code ctl_dashboard_rebuild(struct session *session);
enum exit_code ctl_dashboard_digest(struct session *session);
enum exit_code ctl_keys_list(struct session *session);
enum exit_code ctl_keys_rotate(struct session *session);
enum exit_code ctl_argon2_calibrate(struct session *session);
enum exit_code ctl_doctor(struct session *session);
enum exit_code ctl_request(struct session *session);
enum exit_code ctl_completion(struct session *session);

/** What shells ask while a line is typed: argv is what stands behind __complete. The exit code. */
int ctl_complete(int argc, const char *const *argv);

#endif
