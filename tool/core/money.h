/* money.h - amounts of money: whole minor units (cents) of an ISO 4217 currency, never a fraction.
 * Pure; any thread. */
#ifndef TOOL_CORE_MONEY_H
#define TOOL_CORE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest whole number that every JSON reader keeps exactly: 2^53 - 1. */
#define MONEY_MAX INT64_C(9007199254740991)

/* All zero is "no money": currency "". */
struct money {
    int64_t amount;   /* in minor units, -MONEY_MAX to MONEY_MAX */
    char currency[4]; /* "KRW" */
};

/** How many digits of amount stand behind the point: KRW 0, USD 2, KWD 3. As ISO 4217 says, which
 * payment providers follow; CLDR differs (it shows HUF, IDR and COP without digits). -1 when there
 * is no such currency. */
int money_exponent(const char *currency);

/** *sum += add. False, and *sum as it was, when the currencies differ or the sum is out of range.
 * The first addition gives an empty *sum its currency. */
bool money_add(struct money *sum, struct money add);
/** *m times n. False, and *m as it was, when that is out of range. */
bool money_times(struct money *m, int64_t n);
/** Splits amount over n parts in proportion to weights (none negative, one positive) so that
 * nothing is lost: each gets its share rounded towards zero, what is left goes one by one to the
 * largest remainders, the earlier part first. amount: -MONEY_MAX to MONEY_MAX. */
void money_split(int64_t amount, const int64_t *weights, size_t n, int64_t *parts);

#endif
