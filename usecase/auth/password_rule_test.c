/* password_rule_test.c - which passwords are too weak for whom. */
#include "usecase/auth/password_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static const struct person PERSON = {"Kim Cheolsu", "cheolsu.kim@hanbit-soft.example",
                                     "+821012345678"};
static const struct person HANGUL = {"김 철수", "kimcheolsu@빛나라.example", "01012345678"};

static void what_a_person_is_known_by_is_weak(void **state)
{
    static const struct {
        const char *password;
        bool weak;
    } cases[] = {
        {"kimcheolsu",                      true },
        {"cheolsukim",                      true },
        {"cheolsu.kim",                     true },
        {"Kim-Cheolsu",                     true },
        {"KIMCHEOLSU1",                     true },
        {"hanbit-soft",                     true },
        {"hanbitsoft",                      true },
        {"hanbit-soft.example",             true },
        {"cheolsu.kim@hanbit-soft.example", true },
        {"chulsoo99",                       true }, /* the login id */
        {"99chulsoo",                       true },
        {"hanokhanok",                      true },
        {"+821012345678",                   true },
        {"821012345678",                    true },
        {"01012345678",                     true },
        {"010-1234-5678",                   true },
        {"010 1234 5678",                   true },
        {"+82 (0)10-1234-5678",             true },
        {"0082.10.1234.5678",               true },
        {"12345678",                        true },
        {"안녕하세요",                 true },
        {"비밀번호",                    true },
        {"가가가가가가가",           true },
        {"correct horse battery",           false},
        {"kim went home by night",          false},
        {"010-9876-5432-12",                false},
        {"뷁쀍쵉 집의창문",          false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (password_is_weak(cases[i].password, "chulsoo99", &PERSON) != cases[i].weak)
            fail_msg("%s is %s", cases[i].password, cases[i].weak ? "accepted" : "refused");
}

static void so_it_is_in_another_script(void **state)
{
    (void)state;
    assert_true(password_is_weak("김철수김철수", "hana", &HANGUL));
    assert_true(password_is_weak("철수.김", "hana", &HANGUL));
    assert_true(password_is_weak("cheolsu.kim", "hana", &HANGUL));
    assert_true(password_is_weak("빛나라빛나라", "hana", &HANGUL));
    assert_true(
        password_is_weak("\u1100\u1175\u11b7\u110e\u1165\u11af\u1109\u116e", "hana", &HANGUL));
    assert_true(password_is_weak("+821012345678", "hana", &HANGUL));
    assert_false(password_is_weak("뷁쀍쵉", "hana", &HANGUL));
}

static void without_a_person_the_login_id_is_known(void **state)
{
    (void)state;
    assert_true(password_is_weak("alice.smith", "alice.smith", NULL));
    assert_true(password_is_weak("smith-alice", "alice.smith", NULL));
    assert_false(password_is_weak("kimcheolsu", "alice.smith", NULL));
    assert_true(password_is_weak("kim", "k", &(struct person){"", "", ""})); /* fields were wrong */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_person_is_known_by_is_weak),
        cmocka_unit_test(so_it_is_in_another_script),
        cmocka_unit_test(without_a_person_the_login_id_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
