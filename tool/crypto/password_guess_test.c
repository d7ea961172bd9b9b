/* password_guess_test.c - what zxcvbn does not know: the person, other scripts, what is said twice.
 */
#include "tool/crypto/password_guess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

extern const char common_words_text[];

static const char *const WORDS[] = {"kimcheolsu", "김하나", NULL};

static void what_is_easily_said_is_easily_guessed(void **state)
{
    static const struct {
        const char *text;
        bool weak; /* below 20 bits */
    } cases[] = {
        {"안녕하세요",                    true },
        {"비밀번호",                       true },
        {"가가가가가가가",              true },
        {"안녕안녕안녕안녕",           true },
        {"가나다라마바사",              true },
        {"абвгдежз",                   true },
        {"пароль",                       true },
        {"парольпароль",           true },
        {"密码密码",                       true },
        {"こんにちは",                    true },
        {"あいうえおか",                 true },
        {"مرحبا",                         true },
        {"सससससस",                 true },
        {"👍👍👍👍",                   true },
        {"김하나김하나",                 true },
        {"하나.김하나",                   true },
        {"cheolsu.kim",                        true },
        {"password안녕",                     true },
        {"1234пароль",                   true },
        {"뷁쀍쵉",                          false},
        {"해가뜨는집의창문",           false},
        {"жучокпрыгалвысоко", false},
        {"correct안녕horse",                 false},
        {"correct horse battery",              false},
        {"x9$kq!vb",                           false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        double bits = password_guess_bits(cases[i].text, WORDS);
        if ((bits < 20) != cases[i].weak)
            fail_msg("%s: %.1f bits", cases[i].text, bits);
    }
}

static void nothing_is_worth_nothing_and_saying_it_again_little_more(void **state)
{
    char text[GUESS_BYTES_MAX + 1] = "";

    (void)state;
    assert_true(password_guess_bits("", WORDS) == 0);
    for (size_t i = 0; i + 3 <= GUESS_BYTES_MAX; i += 3) {
        strcat(text, i % 2 ? "한" : "글");
        assert_true(password_guess_bits(text, WORDS) < 32);
    }
}

static void the_list_is_of_words_as_they_are_compared(void **state)
{
    size_t n = 0;

    (void)state;
    for (const char *line = common_words_text, *end; *line != '\0'; line = end + 1) {
        char word[128] = "", folded[256];
        end = strchr(line, '\n');
        assert_non_null(end);
        assert_true((size_t)(end - line) < sizeof(word));
        memcpy(word, line, (size_t)(end - line));
        if (word[0] == '#')
            continue;
        n++;
        assert_true(text_fold(word, folded, sizeof(folded)));
        assert_string_equal(word, folded);
        if (password_guess_bits(word, (const char *const[]){NULL}) > 10)
            fail_msg("%s is not found", word);
    }
    assert_in_range(n, 500, 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_easily_said_is_easily_guessed),
        cmocka_unit_test(nothing_is_worth_nothing_and_saying_it_again_little_more),
        cmocka_unit_test(the_list_is_of_words_as_they_are_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
