/* money.c - see money.h. */
#include "tool/core/money.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

__extension__ typedef unsigned __int128 wide;

/* ISO 4217, list one of 2026-01-01: every code that has minor units. Each takes four places. */
static const struct {
    int exponent;
    const char *codes;
} CURRENCIES[] = {
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "},
    {2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN "
        "BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP "
        "ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR "
        "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT "
        "MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
        "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
        "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD "
        "XCD XCG YER ZAR ZMW ZWG "                                     },
    {3, "BHD IQD JOD KWD LYD OMR TND "                                        },
    {4, "CLF UYW "                                                            },
};

int money_exponent(const char *currency)
{
    if (strlen(currency) != 3)
        return -1;
    for (size_t i = 0; i < ARRAY_LEN(CURRENCIES); i++)
        for (const char *code = CURRENCIES[i].codes; *code; code += 4)
            if (memcmp(code, currency, 3) == 0)
                return CURRENCIES[i].exponent;
    return -1;
}

static bool in_range(int64_t amount)
{
    return amount >= -MONEY_MAX && amount <= MONEY_MAX;
}

bool money_add(struct money *sum, struct money add)
{
    int64_t amount;

    if (sum->currency[0] && strcmp(sum->currency, add.currency) != 0)
        return false;
    if (__builtin_add_overflow(sum->amount, add.amount, &amount) || !in_range(amount))
        return false;
    memcpy(sum->currency, add.currency, sizeof(sum->currency));
    sum->amount = amount;
    return true;
}

bool money_times(struct money *m, int64_t n)
{
    int64_t amount;

    if (__builtin_mul_overflow(m->amount, n, &amount) || !in_range(amount))
        return false;
    m->amount = amount;
    return true;
}

/* One more for the largest remainder that has had none. */
static void round_up_one(wide *remainders, size_t n, int64_t *parts)
{
    size_t largest = 0;

    for (size_t i = 1; i < n; i++)
        if (remainders[i] > remainders[largest])
            largest = i;
    remainders[largest] = 0;
    parts[largest]++;
}

void money_split(int64_t amount, const int64_t *weights, size_t n, int64_t *parts)
{
    wide *remainders = mem_alloc(n, sizeof(*remainders));
    uint64_t size = amount < 0 ? -(uint64_t)amount : (uint64_t)amount, left = size;
    wide all = 0;

    ASSERT(in_range(amount));
    for (size_t i = 0; i < n; i++) {
        ASSERT(weights[i] >= 0);
        all += (wide)weights[i];
    }
    ASSERT(all > 0);
    for (size_t i = 0; i < n; i++) {
        wide share = (wide)size * (wide)weights[i];
        parts[i] = (int64_t)(share / all);
        remainders[i] = share % all;
        left -= (uint64_t)parts[i];
    }
    for (; left > 0; left--) /* fewer than n, and each has a remainder to go to */
        round_up_one(remainders, n, parts);
    for (size_t i = 0; amount < 0 && i < n; i++)
        parts[i] = -parts[i];
    free(remainders);
}
