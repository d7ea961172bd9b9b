/* slot_test.c - tokens name one use of one place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/message/slot.h"

static void a_token_finds_its_slot_only_while_it_is_busy(void **state)
{
    struct slot_table table;
    struct slot *first, *second;
    uint64_t before;

    (void)state;
    slots_init(&table, 2);
    first = slot_take(&table);
    second = slot_take(&table);
    assert_null(slot_take(&table));
    assert_ptr_equal(slot_find(&table, slot_token(&table, first)), first);
    assert_ptr_equal(slot_find(&table, slot_token(&table, second)), second);
    before = slot_token(&table, first);
    slot_give(&table, first);
    assert_null(slot_find(&table, before));
    assert_ptr_equal(slot_take(&table), first); /* the same place, another use */
    assert_null(slot_find(&table, before));
    assert_ptr_equal(slot_find(&table, slot_token(&table, first)), first);
    assert_null(slot_find(&table, 0));
    assert_null(slot_find(&table, UINT64_MAX));
    slots_fini(&table);
}

static void tokens_are_read_as_written(void **state)
{
    static const uint64_t TOKENS[] = {0, 1, 0x0123456789abcdef, UINT64_MAX};
    static const char *const MALFORMED[] = {
        "", "123", "0123456789ABCDEF", "0123456789abcdef0", "0123456789abcdeg", "0123456789abcde.",
    };
    uint64_t read;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(TOKENS); i++) {
        char text[TOKEN_DIGITS + 1];

        token_write(TOKENS[i], text);
        assert_true(token_read(text, &read));
        assert_true(read == TOKENS[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(MALFORMED); i++)
        if (token_read(MALFORMED[i], &read))
            fail_msg("'%s' was read", MALFORMED[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_finds_its_slot_only_while_it_is_busy),
        cmocka_unit_test(tokens_are_read_as_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
