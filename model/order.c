/* order.c - see order.h. */
#include "model/order.h"

#include <string.h>

const struct rule ORDER_ADDRESS_RULE = {
    .min = 1,
    .max = ORDER_ADDRESS_MAX,
    .reason = "must be 1 to 200 characters",
    .example = "12 Hanok-gil, Jongno-gu, Seoul",
};

/* ISO/IEC 7812: 12 to 19 digits, however they are grouped. */
enum { CARD_DIGITS_MIN = 12, CARD_DIGITS_MAX = 19 };

static const char *number_of_a_card(const char *method)
{
    size_t digits = 0;

    if (method[strspn(method, "0123456789_-")] != '\0')
        return NULL;
    for (; *method; method++)
        digits += *method >= '0' && *method <= '9';
    return digits >= CARD_DIGITS_MIN && digits <= CARD_DIGITS_MAX
               ? "must be the payment provider's token of a card, never its number"
               : NULL;
}

const struct rule ORDER_METHOD_RULE = {
    .min = 1,
    .max = ORDER_METHOD_MAX,
    .pattern = "^[A-Za-z0-9_-]+$",
    .reason = "must be a token of the payment provider: 1 to 63 letters, digits, '_' or '-'",
    .example = "tok_ok",
    .outside = number_of_a_card,
};

const struct rule ORDER_REASON_RULE = {
    .min = 1,
    .max = ORDER_REASON_MAX,
    .pattern = "^[a-z][a-z0-9_]*$",
    .reason = "must be 1 to 47 of a-z, 0-9 and '_', a letter first",
    .example = "changed_my_mind",
};

const struct rule ORDER_NUM_RULE = {
    .min = ORDER_NUM_MAX,
    .max = ORDER_NUM_MAX,
    .pattern = "^[0-9]{24}$",
    .reason = "must be 24 digits",
    .example = "202612241830000123456789",
};
