/* identity.c - see identity.h. */
#include "model/identity.h"

const struct rule IDENTITY_NAME_RULE = {
    .min = 1,
    .max = IDENTITY_NAME_MAX,
    .unit = RULE_BYTES,
    .reason = "must be 1 to 255 bytes of text",
    .example = "https://id.example.org/",
};
