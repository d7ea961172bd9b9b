/* account.c - see account.h. */
#include "model/account.h"

#include <stddef.h>

const char *const ACCOUNT_STATUS_NAMES[] = {
#define X(name, text) text,
    ACCOUNT_STATUS_LIST(X)
#undef X
        NULL,
};

static void lower_case(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

const struct rule LOGIN_ID_RULE = {
    .min = 4,
    .max = LOGIN_ID_MAX,
    .pattern = "^[A-Za-z][A-Za-z0-9._-]{3,31}$",
    .reason = "must be 4 to 32 characters: a letter, then letters, digits, '.', '_' or '-'",
    .example = "alice",
    .normalise = lower_case,
};

const struct rule PASSWORD_RULE = {
    .min = 8,
    .max = PASSWORD_MAX,
    .unit = RULE_BYTES,
    .reason = "must be 8 to 128 bytes of UTF-8",
    .example = "correct horse battery",
    .control_allowed = true,
};
