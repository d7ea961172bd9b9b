/* outcome_form.h - how another release keeps the outcomes of an operation at the barrier, for as
 * long as one of it may run beside this one. */
#ifndef TOOL_ONCE_OUTCOME_FORM_H
#define TOOL_ONCE_OUTCOME_FORM_H

#include <stddef.h>

#include "tool/core/call.h"

struct outcome_form {
    /** st: ST_OK, with the reply in out, or a refusal, explained by call->problem. Fills text;
     * false when it has no word for that. */
    bool (*write)(enum status st, const struct call *call, const void *out, char *text,
                  size_t size);
    /** ST_OK: out is the reply | a refusal, explained in call->problem | ST_PENDING: not such a
     * text */
    enum status (*read)(const char *text, const struct call *call, void *out);
};

#endif
