/* row_image_test.c - rows as MariaDB 10.11 has written them into its log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/dbc/row_image.h"

/* BIGINT UNSIGNED, BINARY(16), SMALLINT UNSIGNED, VARCHAR(8), VARCHAR(70), TEXT, DATETIME(6), INT,
 * ENUM of two */
static const uint8_t TYPES[] = {8, 254, 2, 15, 15, 252, 18, 3, 254};
static const uint8_t META[] = {0xfe, 0x10, 0x20, 0x00, 0x18, 0x01, 0x02, 0x06, 0xf7, 0x01};

static const uint8_t ROW[] = {
    0x80, 0,                                        /* the INT is NULL */
    1,    0,    0,    0,    0,    0,    0,    0,    /* seq */
    2,    1,    2,                                  /* of 16 bytes the rest is 0 */
    0xff, 0xff,                                     /* unsigned */
    4,    'S',  'E',  'N',  'T',                    /* 32 bytes at most */
    1,    0,    'x',                                /* 280 bytes at most */
    2,    0,    '{',  '}',                          /* */
    0x99, 0xa5, 0x42, 0xa2, 0xcc, 0x01, 0xe2, 0x40, /* 2020-01-01 10:11:12.123456 */
    2,                                              /* the second */
};

static void a_row_is_read_by_its_types(void **state)
{
    struct row_value values[ROW_COLUMNS_MAX];
    const uint8_t *at = ROW;
    struct row_layout layout;

    (void)state;
    assert_true(row_layout_read(&layout, TYPES, sizeof(TYPES), META, sizeof(META)));
    assert_true(row_image_read(&layout, &at, ROW + sizeof(ROW), values));
    assert_ptr_equal(ROW + sizeof(ROW), at);
    assert_int_equal(1, values[0].number);
    assert_int_equal(2, values[1].len);
    assert_memory_equal("\x01\x02", values[1].text, 2);
    assert_int_equal(65535, values[2].number);
    assert_int_equal(4, values[3].len);
    assert_memory_equal("SENT", values[3].text, 4);
    assert_int_equal(1, values[4].len);
    assert_memory_equal("{}", values[5].text, 2);
    assert_int_equal(INT64_C(1577873472123456), values[6].number);
    assert_false(values[6].null);
    assert_true(values[7].null);
    assert_int_equal(2, values[8].number);
}

static void a_row_that_is_cut_short_is_refused(void **state)
{
    struct row_value values[ROW_COLUMNS_MAX];
    struct row_layout layout;

    (void)state;
    assert_true(row_layout_read(&layout, TYPES, sizeof(TYPES), META, sizeof(META)));
    for (size_t len = 0; len < sizeof(ROW); len++) {
        const uint8_t *at = ROW;
        assert_false(row_image_read(&layout, &at, ROW + len, values));
    }
}

static void types_that_are_not_known_are_refused(void **state)
{
    static const uint8_t FLOAT[] = {4}, SET[] = {254}, SET_META[] = {248, 1},
                         LONG_ENUM_META[] = {247, 3}, MANY[33] = {3};
    struct row_layout layout;

    (void)state;
    assert_false(row_layout_read(&layout, FLOAT, 1, META, sizeof(META)));
    assert_false(row_layout_read(&layout, SET, 1, SET_META, 2));
    assert_false(row_layout_read(&layout, SET, 1, LONG_ENUM_META, 2));
    assert_false(row_layout_read(&layout, MANY, sizeof(MANY), META, sizeof(META)));
    assert_false(row_layout_read(&layout, TYPES, sizeof(TYPES), META, sizeof(META) - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_read_by_its_types),
        cmocka_unit_test(a_row_that_is_cut_short_is_refused),
        cmocka_unit_test(types_that_are_not_known_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
