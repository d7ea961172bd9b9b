/* control.h - what is switched from outside: how the card company is today. Forgotten when the
 * process ends. */
#ifndef CMD_PGSIM_CONTROL_H
#define CMD_PGSIM_CONTROL_H

#include "tool/encoder/descriptor.h"

enum control_mode {
    CONTROL_UP,
    CONTROL_DOWN, /* operations are a 503, and nothing is done */
    CONTROL_SLOW, /* operations are answered late */
};

struct control {
    int mode;               /* enum control_mode */
    int64_t ms;             /* how late, CONTROL_SLOW */
    int64_t reject_percent; /* of authorizations, chosen by their keys */
};

/** {"mode":"up"|"down"|"slow","ms"?,"rejectPercent"?} */
extern const struct descriptor CONTROL;

/** Whether it is among those that are rejected: the same key always is or never is. */
bool control_rejects(const struct control *control, const char *key);

#endif
