/* card.h - the cards that there are: each does something else, always the same. */
#ifndef CMD_PGSIM_CARD_H
#define CMD_PGSIM_CARD_H

#include <stdbool.h>

struct card {
    const char *name;
    const char *declines;         /* why an authorization is declined; NULL = it is not */
    const char *capture_declines; /* the same of its capture */
    int answer_after_ms;          /* what was done is answered so late */
    int errors;                   /* so many times it is a 500, and nothing is done */
    bool closes;                  /* what was done is never answered, the connection is closed */
    bool is_silent;               /* nothing is done, and nothing said */
    bool webhook_first, webhook_twice;
    bool webhook_reversed; /* of its capture first, then of the authorization */
};

/** Of method "" one that does nothing special; of an unknown one, one that is declined. */
const struct card *card_find(const char *method);

#endif
