/* withdrawal.h - what a person sends to be no more known here, and what comes of it. Plain values.
 */
#ifndef MODEL_WITHDRAWAL_H
#define MODEL_WITHDRAWAL_H

#include "tool/core/uuid.h"

struct withdrawal_form {
    struct uuid user_id;
};

enum withdrawal_status { WITHDRAWAL_PENDING, WITHDRAWAL_DONE };
extern const char *const WITHDRAWAL_STATUS_NAMES[]; /* "PENDING", "WITHDRAWN", NULL */

struct withdrawal_accepted {
    struct uuid saga_id;
    int status; /* index into WITHDRAWAL_STATUS_NAMES */
};

#endif
