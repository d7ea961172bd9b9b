/* provider.h - who moves the money: a card company, asked with a key of ours for each operation, as
 * cmd/pgsim answers. Its messages are its own: none of them travels among our services. */
#ifndef PROTOCOL_PROVIDER_H
#define PROTOCOL_PROVIDER_H

#include "tool/core/money.h"
#include "tool/encoder/operation.h"

enum { PROVIDER_KEY_SIZE = 37, PROVIDER_METHOD_SIZE = 64, PROVIDER_REASON_SIZE = 48 };
enum { PROVIDER_PAGE_MAX = 32 }; /* entries of its book that are asked for at once */

/* A void is done also when the authorization never came: one that comes later is declined then. */
enum provider_kind {
    PROVIDER_AUTHORIZE,
    PROVIDER_CAPTURE,
    PROVIDER_VOID,
    PROVIDER_REFUND,
    PROVIDER_SETTLE, /* never asked: it has paid out what it owes, and its book says so */
};
enum provider_state { PROVIDER_DONE, PROVIDER_DECLINED };

struct provider_operation {
    char key[PROVIDER_KEY_SIZE]; /* ours, the same whenever it is asked again */
    int kind;                    /* enum provider_kind */
    struct money money;
    char method[PROVIDER_METHOD_SIZE]; /* the provider's token; "" = that of the authorization */
    char of[PROVIDER_KEY_SIZE]; /* key of the authorization that is captured, voided or refunded; ""
                                   of an authorization itself */
};

struct provider_outcome {
    int state;                         /* enum provider_state */
    char reason[PROVIDER_REASON_SIZE]; /* a slug, why it was declined; "" when it was done */
};

/* A line of the provider's own book. */
struct provider_entry {
    struct provider_operation operation; /* method "" */
    struct provider_outcome outcome;
};

struct provider_query {
    char key[PROVIDER_KEY_SIZE];
};

struct provider_since {
    char after[PROVIDER_KEY_SIZE]; /* "" = from the first */
    int64_t limit;
};

struct provider_page {
    struct provider_entry items[PROVIDER_PAGE_MAX];
    size_t n_items;
};

/* provider.ask: provider_operation -> provider_entry: it is decided, now or before by the same key
 */
extern const struct operation PROVIDER_ASK;
/* provider.find: provider_query -> provider_entry; ST_NOT_FOUND: it never came there */
extern const struct operation PROVIDER_FIND;
/* provider.book: provider_since -> provider_page, in its order; fewer than the limit, there are no
 * more. ST_NOT_FOUND: `after` is not in the book */
extern const struct operation PROVIDER_BOOK;

#endif
