/* dead_letter.h - events that could not be handled (table dead_letter), and behind them, parked in
 * order, later ones of the same key: for a person to replay or to drop. Implemented by mysql/ and
 * memory/. */
#ifndef TOOL_EVENT_DEAD_LETTER_H
#define TOOL_EVENT_DEAD_LETTER_H

#include "tool/event/hearing.h"

enum { DEAD_LETTER_REASON_MAX = 255, DEAD_LETTER_LIST_MAX = 100, DEAD_LETTER_KEYS_MAX = 16 };

enum dead_letter_state {
    DEAD_LETTER_DEAD,   /* its attempts are over */
    DEAD_LETTER_PARKED, /* waits for an earlier one of its key */
    DEAD_LETTER_STATES
};
/* "DEAD", "PARKED" */
extern const char *const DEAD_LETTER_STATE_NAMES[DEAD_LETTER_STATES];

struct dead_letter {
    struct uuid id, key; /* of the event; the key is nil when it is not known */
    int64_t seq;         /* by which letters are in order; given by the store */
    enum dead_letter_state state;
    bool in_order; /* later ones of its key park behind it */
    char type[EVENT_NAME_MAX + 1];
    char reason[DEAD_LETTER_REASON_MAX + 1]; /* of the last failure; "" = has not been tried */
    int64_t attempts;
    int64_t partition, stream_seq, time_us; /* as in struct event */
    int64_t since_us;                       /* put here; by the store's clock */
    char source[EVENT_SOURCE_MAX + 1], traceparent[CALL_TRACEPARENT_MAX + 1];
    char json[EVENT_DATA_MAX + 1]; /* its data; "" when that was no text or too long */
};

struct dead_letter_list {
    int64_t after_seq;      /* of the last one seen; 0 = from the start */
    const struct uuid *key; /* only of this key; NULL = all */
    bool dead_only;
};

struct dead_letter_census {
    int64_t count[DEAD_LETTER_STATES];
    int64_t oldest_ms; /* age of the oldest of all; 0 = there is none */
};

struct dead_letters {
    const struct dead_letters_ops *ops;
};

/* Every op blocks until call->deadline_ms at most and may be called from any thread. Each can be
 * ST_UNAVAILABLE, ST_OVERLOADED or ST_INTERNAL. */
struct dead_letters_ops {
    /** The first letter of a key among those in order, locked until tx ends, so that who replays it
     * and who parks behind it do not miss each other. ST_OK | ST_NOT_FOUND */
    enum status (*head)(struct dead_letters *self, struct transaction *tx, const struct call *call,
                        struct uuid key, struct dead_letter *out);
    /** Whether one of these keys, DEAD_LETTER_KEYS_MAX at most, has a letter in order; locked like
     * head. ST_OK (one has) | ST_NOT_FOUND */
    enum status (*any)(struct dead_letters *self, struct transaction *tx, const struct call *call,
                       const struct uuid keys[], size_t n);
    /** Behind all others; seq and since_us are the store's. ST_OK | ST_CONFLICT (that event is here
     * already) */
    enum status (*insert)(struct dead_letters *self, struct transaction *tx,
                          const struct call *call, const struct dead_letter *letter);
    /** Writes state, reason and attempts of letter->id. ST_OK | ST_NOT_FOUND */
    enum status (*update)(struct dead_letters *self, struct transaction *tx,
                          const struct call *call, const struct dead_letter *letter);
    /** ST_OK | ST_NOT_FOUND */
    enum status (*remove)(struct dead_letters *self, struct transaction *tx,
                          const struct call *call, struct uuid id);
    /** Looks, and locks nothing; tx NULL: on its own. ST_OK | ST_NOT_FOUND */
    enum status (*find)(struct dead_letters *self, struct transaction *tx, const struct call *call,
                        struct uuid id, struct dead_letter *out);
    /** In order, max at most (1..DEAD_LETTER_LIST_MAX), without their data (json is ""). ST_OK */
    enum status (*list)(struct dead_letters *self, const struct call *call,
                        const struct dead_letter_list *list, size_t max, struct dead_letter *out,
                        size_t *n);
    /** A letter that waits for nobody: parked, and the first of its key. ST_OK | ST_NOT_FOUND */
    enum status (*stuck)(struct dead_letters *self, const struct call *call, struct uuid *id);
    /** ST_OK */
    enum status (*census)(struct dead_letters *self, const struct call *call,
                          struct dead_letter_census *out);
    /** Frees self; NULL is fine. No other op may be running. */
    void (*destroy)(struct dead_letters *self);
};

static inline void dead_letters_destroy(struct dead_letters *letters)
{
    if (letters)
        letters->ops->destroy(letters);
}

#endif
