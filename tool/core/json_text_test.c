#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/json_text.h"
#include "tool/core/mem.h"

enum { GUESS = 64, MAX = 20000 };

/* As many letters as told, between quotes. */
static void write_letters(const void *arg, struct json_out *o)
{
    static char letters[4 * MAX];

    memset(letters, 'a', sizeof(letters));
    json_out_text_n(o, letters, *(const size_t *)arg);
}

static void a_text_is_whole_wherever_it_fits(void **state)
{
    static const struct {
        const char *why;
        size_t letters;
        bool fits, in_guess;
    } CASES[] = {
        {"nothing but quotes",      0,         true,  true },
        {"fills the guess",         GUESS - 3, true,  true },
        {"one more than the guess", GUESS - 2, true,  false},
        {"as long as it may be",    MAX - 3,   true,  false},
        {"far too long",            4 * MAX,   false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        char guess[GUESS];
        struct json_text t;
        bool fits =
            json_text_write(&t, guess, sizeof(guess), MAX, write_letters, &CASES[i].letters);

        if (fits != CASES[i].fits)
            fail_msg("%s", CASES[i].why);
        if (fits) {
            assert_int_equal(t.len, CASES[i].letters + 2);
            assert_int_equal(strlen(t.text), t.len);
            assert_true((t.text == guess) == CASES[i].in_guess);
        } else {
            assert_null(t.text);
        }
        json_text_fini(&t);
    }
}

static void without_a_guess_it_is_heap_that_can_be_taken_over(void **state)
{
    size_t letters = 5000;
    struct json_text t;
    char *taken;

    (void)state;
    assert_true(json_text_write(&t, NULL, 0, MAX, write_letters, &letters));
    assert_ptr_equal(t.text, t.heap);
    taken = t.heap;
    assert_int_equal(strlen(taken), letters + 2);
    free(taken);
}

static void what_was_tried_and_what_is_done_with_is_wiped(void **state)
{
    static const char NOTHING[GUESS];
    size_t letters = 200;
    char guess[GUESS];
    struct json_text t;

    (void)state;
    assert_true(json_text_write(&t, guess, sizeof(guess), MAX, write_letters, &letters));
    assert_memory_equal(guess, NOTHING, sizeof(guess));
    json_text_fini(&t);
    letters = 3;
    assert_true(json_text_write(&t, guess, sizeof(guess), MAX, write_letters, &letters));
    json_text_fini(&t);
    assert_memory_equal(guess, NOTHING, sizeof(guess));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_whole_wherever_it_fits),
        cmocka_unit_test(without_a_guess_it_is_heap_that_can_be_taken_over),
        cmocka_unit_test(what_was_tried_and_what_is_done_with_is_wiped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
