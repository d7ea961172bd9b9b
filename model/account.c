/* account.c - see account.h. */
#include "model/account.h"

#include <stddef.h>
#include <string.h>

#include "tool/text/text.h"

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

static size_t opaque_bytes(const char *password)
{
    char opaque[TEXT_NFC_GROWTH * PASSWORD_MAX + 1];
    size_t len;

    if (!text_opaque(password, opaque, sizeof(opaque)))
        return sizeof(opaque); /* more than fit a form */
    len = strlen(opaque);
    explicit_bzero(opaque, len);
    return len;
}

enum { BYTES_MIN = 8, BYTES_MAX = 128 };

static size_t opaque_or_typed_bytes(const char *password)
{
    size_t len = opaque_bytes(password);

    return len >= BYTES_MIN && len <= BYTES_MAX ? len : strlen(password);
}

const struct rule PASSWORD_RULE = {
    .min = BYTES_MIN,
    .max = BYTES_MAX,
    .unit = RULE_BYTES,
    .measure = opaque_bytes,
    .reason = "must be 8 to 128 bytes of UTF-8, in normalization form C",
    .example = "correct horse battery",
    .control_allowed = true,
};

const struct rule PASSWORD_GIVEN_RULE = {
    .min = BYTES_MIN,
    .max = BYTES_MAX,
    .unit = RULE_BYTES,
    .measure = opaque_or_typed_bytes,
    .reason = "must be 8 to 128 bytes of UTF-8",
    .example = "correct horse battery",
    .control_allowed = true,
};
