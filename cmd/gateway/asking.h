/* asking.h - one question to a service, and what is done so that it is answered: asked once more
 * beside the first when the answer is late (a hedge), again when it has failed (a retry), elsewhere
 * when nobody answers (a fallback). Loop thread only. */
#ifndef CMD_GATEWAY_ASKING_H
#define CMD_GATEWAY_ASKING_H

#include "cmd/gateway/asker.h"
#include "middleware/route.h"
#include "tool/core/loop_timer.h"

enum { ASKING_ATTEMPTS = 4, ASKING_DATA_MAX = 96 };

/* Borrowed until asking_begin returns. */
struct inquiry {
    const char *subject, *data;
    size_t len;
    bool again; /* asking twice has the effect of once: it may be hedged and retried */
    bool hedge;
    int retries;       /* at most */
    const char *other; /* subject to ask when that fails, for which a quarter of the time is kept;
                        * "" = none; borrowed until the end */
};

struct asked_subject;

/* Lives in who asks, zeroed at first; private. */
struct asking {
    struct asked_subject *subject;
    const struct call *call;
    const char *data, *other;
    size_t len;
    message_reply_fn fn; /* NULL = nothing is open */
    void *arg;
    int64_t deadline_ms;
    struct asking *next, **prev; /* of those of the subject; prev NULL = not among them */
    int64_t late_ms;
    struct loop_timer pause; /* before a retry */
    int retries_left, n_retries;
    bool hedges, timed_out;
    unsigned n_open, n_hedges;
    struct attempt {
        struct asking *asking;
        uint64_t token;
        int64_t since_ms;
        bool open;
    } attempts[ASKING_ATTEMPTS]; /* the first, and the youngest hedges */
    char *kept;                  /* owns data where it is too long for: */
    char text[ASKING_DATA_MAX];
};

/** What goes to a subject of a route. */
struct inquiry asking_for_route(const struct route *route, const char *subject, const char *data,
                                size_t len);
/** call: travels with it, each time with the time that is left then; borrowed until the end.
 * As message_client_request: with ST_OK fn is called once, never from inside; st and reply are of
 * the answer, or of the last failure. Otherwise fn is not called. */
enum status asking_begin(struct asking *self, struct asker *asker, const struct inquiry *inquiry,
                         const struct call *call, message_reply_fn fn, void *arg);
/** Whether that is no answer: silence, or a service that could not. */
bool asking_has_failed(enum status st, const struct message *reply);
/** fn is not called any more. Fine also when nothing is open. */
void asking_cancel(struct asking *self);

#endif
