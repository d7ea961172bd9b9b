/* money_test.c - which currencies there are, and that no cent is made or lost. */
#include "tool/core/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

/* A second source, typed by others: the npm package currency-codes 2.2.0 (ISO 4217 of 2024-06-25),
 * code and digits. */
static const char OTHERS[] =
    "AED2 AFN2 ALL2 AMD2 ANG2 AOA2 ARS2 AUD2 AWG2 AZN2 BAM2 BBD2 BDT2 BGN2 BHD3 BIF0 BMD2 "
    "BND2 BOB2 BOV2 BRL2 BSD2 BTN2 BWP2 BYN2 BZD2 CAD2 CDF2 CHE2 CHF2 CHW2 CLF4 CLP0 CNY2 "
    "COP2 COU2 CRC2 CUC2 CUP2 CVE2 CZK2 DJF0 DKK2 DOP2 DZD2 EGP2 ERN2 ETB2 EUR2 FJD2 FKP2 "
    "GBP2 GEL2 GHS2 GIP2 GMD2 GNF0 GTQ2 GYD2 HKD2 HNL2 HTG2 HUF2 IDR2 ILS2 INR2 IQD3 IRR2 "
    "ISK0 JMD2 JOD3 JPY0 KES2 KGS2 KHR2 KMF0 KPW2 KRW0 KWD3 KYD2 KZT2 LAK2 LBP2 LKR2 LRD2 "
    "LSL2 LYD3 MAD2 MDL2 MGA2 MKD2 MMK2 MNT2 MOP2 MRU2 MUR2 MVR2 MWK2 MXN2 MXV2 MYR2 MZN2 "
    "NAD2 NGN2 NIO2 NOK2 NPR2 NZD2 OMR3 PAB2 PEN2 PGK2 PHP2 PKR2 PLN2 PYG0 QAR2 RON2 RSD2 "
    "RUB2 RWF0 SAR2 SBD2 SCR2 SDG2 SEK2 SGD2 SHP2 SLE2 SOS2 SRD2 SSP2 STN2 SVC2 SYP2 SZL2 "
    "THB2 TJS2 TMT2 TND3 TOP2 TRY2 TTD2 TWD2 TZS2 UAH2 UGX0 USD2 USN2 UYI0 UYU2 UYW4 UZS2 "
    "VED2 VES2 VND0 VUV0 WST2 XAF0 XAG0 XAU0 XBA0 XBB0 XBC0 XBD0 XCD2 XDR0 XOF0 XPD0 XPF0 "
    "XPT0 XSU0 XTS0 XUA0 XX"
    "X0 YER2 ZAR2 ZMW2 ZWG2"
    " ";
/* What it counts among them without minor units: metals, units of account, tests. */
static const char NO_MONEY[] = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XX"
                               "X";
static const char WITHDRAWN_SINCE[] = "ANG BGN CUC";
static const char NEW_SINCE[] = "XAD XCG";

static int exponent_elsewhere(const char *code)
{
    const char *at = strstr(OTHERS, code);

    if (strstr(NEW_SINCE, code))
        return 2;
    return !at || strstr(NO_MONEY, code) || strstr(WITHDRAWN_SINCE, code) ? -1 : at[3] - '0';
}

static void every_currency_has_the_digits_that_iso_4217_gives_it(void **state)
{
    char code[4] = "";
    int n = 0;

    (void)state;
    for (int i = 0; i < 26 * 26 * 26; i++) {
        code[0] = (char)('A' + i / (26 * 26));
        code[1] = (char)('A' + i / 26 % 26);
        code[2] = (char)('A' + i % 26);
        if (money_exponent(code) != exponent_elsewhere(code))
            fail_msg("%s: %d, elsewhere %d", code, money_exponent(code), exponent_elsewhere(code));
        n += money_exponent(code) >= 0;
    }
    assert_int_equal(n, 165);
}

static void what_is_no_code_is_no_currency(void **state)
{
    static const char *const cases[] = {"",    "K",    "KR",  "krw", "KRWX", "RW K", "K W",
                                        "   ", "W L ", "USd", "US",  "XTS",  "DEM"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(money_exponent(cases[i]), -1);
}

/* CLDR shows these without digits, and providers do not. */
static void forints_rupiahs_and_pesos_have_cents(void **state)
{
    (void)state;
    assert_int_equal(money_exponent("HUF"), 2);
    assert_int_equal(money_exponent("IDR"), 2);
    assert_int_equal(money_exponent("COP"), 2);
    assert_int_equal(money_exponent("KRW"), 0);
    assert_int_equal(money_exponent("JPY"), 0);
    assert_int_equal(money_exponent("CLP"), 0);
    assert_int_equal(money_exponent("ISK"), 0);
    assert_int_equal(money_exponent("KWD"), 3);
}

static void sums_are_of_one_currency_and_in_range(void **state)
{
    struct money sum = {0};

    (void)state;
    assert_true(money_add(&sum, (struct money){5, "KRW"}));
    assert_string_equal(sum.currency, "KRW");
    assert_false(money_add(&sum, (struct money){5, "USD"}));
    assert_true(money_add(&sum, (struct money){-7, "KRW"}));
    assert_int_equal(sum.amount, -2);
    assert_true(money_add(&sum, (struct money){MONEY_MAX, "KRW"}));
    assert_true(money_add(&sum, (struct money){2, "KRW"}));
    assert_false(money_add(&sum, (struct money){1, "KRW"}));
    assert_true(sum.amount == MONEY_MAX);
    assert_true(money_times(&sum, -1));
    assert_false(money_times(&sum, 2));
    assert_false(money_times(&sum, INT64_MAX));
    assert_true(sum.amount == -MONEY_MAX);
    assert_true(money_times(&sum, 0));
    assert_int_equal(sum.amount, 0);
}

static void nothing_is_lost_when_an_amount_is_split(void **state)
{
    static const struct {
        int64_t amount, weights[4], want[4];
        size_t n;
    } cases[] = {
        {.amount = 100,       .weights = {1, 1, 1},    .n = 3, .want = {34, 33, 33}   },
        {.amount = 101,       .weights = {1, 1, 1},    .n = 3, .want = {34, 34, 33}   },
        {.amount = -100,      .weights = {1, 1, 1},    .n = 3, .want = {-34, -33, -33}},
        {.amount = 10,        .weights = {5, 3, 1},    .n = 3, .want = {6, 3, 1}      }, /* 5.56 3.33 1.11 */
        {.amount = 7,         .weights = {0, 1, 0},    .n = 3, .want = {0, 7, 0}      },
        {.amount = 0,         .weights = {1, 2},       .n = 2, .want = {0, 0}         },
        {.amount = 2,         .weights = {1, 1, 1, 1}, .n = 4, .want = {1, 1, 0, 0}   },
        {.amount = 1,         .weights = {1, 999},     .n = 2, .want = {0, 1}         },
        {.amount = MONEY_MAX,
         .weights = {INT64_MAX, INT64_MAX},
         .n = 2,
         .want = {MONEY_MAX / 2 + 1, MONEY_MAX / 2}                                   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t parts[4], sum = 0;
        money_split(cases[i].amount, cases[i].weights, cases[i].n, parts);
        for (size_t k = 0; k < cases[i].n; k++) {
            if (parts[k] != cases[i].want[k])
                fail_msg("case %zu, part %zu: %lld", i, k, (long long)parts[k]);
            sum += parts[k];
        }
        assert_true(sum == cases[i].amount);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_currency_has_the_digits_that_iso_4217_gives_it),
        cmocka_unit_test(what_is_no_code_is_no_currency),
        cmocka_unit_test(forints_rupiahs_and_pesos_have_cents),
        cmocka_unit_test(sums_are_of_one_currency_and_in_range),
        cmocka_unit_test(nothing_is_lost_when_an_amount_is_split),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
