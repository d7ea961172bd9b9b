/* money_rows.c - see money_rows.h. */
#include "tool/encoder/money_rows.h"

#include "tool/core/money.h"

static bool is_currency(const char *text)
{
    return money_exponent(text) >= 0;
}

static const struct rule CURRENCY_RULE = {
    .min = 3,
    .max = 3,
    .pattern = "^[A-Z]{3}$",
    .reason = "must be a currency of ISO 4217",
    .example = "KRW",
    .check = is_currency,
};

void money_rows_init(struct money_rows *rows, const struct field *f)
{
    bool bounded = f->min != 0 || f->max != 0;

    *rows = (struct money_rows){
        .fields =
            {
                     FIELD(struct money, amount, "amount", FIELD_INT, FIELD_REQUIRED,
                     .min = bounded ? f->min : -MONEY_MAX, .max = bounded ? f->max : MONEY_MAX,
                     .doc = "In minor units of the currency: 1250 USD is 12.50."),
                     FIELD(struct money, currency, "currency", FIELD_TEXT, FIELD_REQUIRED,
                     .rule = &CURRENCY_RULE, .doc = "ISO 4217."),
                     },
    };
    rows->descriptor =
        (struct descriptor)DESCRIPTOR(struct money, "Money", rows->fields, "An amount of money.");
}
