/* bus.h - questions to services over NATS, one after the other, for a program without a loop. */
#ifndef TOOL_CTL_BUS_H
#define TOOL_CTL_BUS_H

#include <jansson.h>
#include <stdint.h>

#include "tool/ctl/context.h"
#include "tool/ctl/exit_code.h"

enum { BUS_WHY_MAX = 511, BUS_HEADERS_MAX = 4 };

struct bus;

/* What came of a question. */
struct answer {
    enum exit_code code;
    json_t *body;              /* owned: the reply, or the problem; NULL = none came */
    char why[BUS_WHY_MAX + 1]; /* for a person, "" with EXIT_DONE */
};

struct bus_header {
    const char *name, *value;
};

/** As the caller of all that is asked: an operator whose requests are logged under request_id.
 * timeout_ms: of every question. NULL: code and why say what is wrong. */
struct bus *bus_connect(const struct context *context, const char *request_id, int64_t timeout_ms,
                        enum exit_code *code, char why[BUS_WHY_MAX + 1]);
/** NULL is fine. */
void bus_close(struct bus *bus);
/** The answer to a request; body NULL = {}. out is always filled: answer_fini it. */
void bus_ask(struct bus *bus, const char *subject, const json_t *body, struct answer *out);
/** The same with headers that take the place of the bus's own. */
void bus_ask_as(struct bus *bus, const char *subject, const json_t *body,
                const struct bus_header *headers, size_t n, struct answer *out);
/** The answers of all who listen, as an array in body: those that come until want have come (0 =
 * not known: until none has come for a while), or the time is over. No answer is an empty array.
 * Errors among them end it. */
void bus_gather(struct bus *bus, const char *subject, const json_t *body, size_t want,
                struct answer *out);
/** Told of a message; data is its JSON, NULL when it has none. False: enough. */
typedef bool (*bus_heard_fn)(void *arg, const char *subject, const json_t *headers,
                             const json_t *data);
/** Calls fn with each message on subject until it has enough, or none has come for idle_ms (0 = for
 * ever). */
enum exit_code bus_listen(struct bus *bus, const char *subject, int64_t idle_ms, bus_heard_fn fn,
                          void *arg, char why[BUS_WHY_MAX + 1]);
void answer_fini(struct answer *answer);

#endif
