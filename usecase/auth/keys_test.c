/* keys_test.c - what operators see of signing keys, and how a new one is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/auth/keys.h"

enum { LIFETIME_S = 900, PUBLISH_S = 600 };

struct office {
    struct clock clock;
    int64_t wall_us;
    char dir[64];
    struct keys keys;
    struct problem problem;
    struct signing_keys list;
    struct signing_key made;
};

static int64_t now_ms(const struct clock *clock)
{
    (void)clock;
    return 0;
}

static int64_t wall_us(const struct clock *clock)
{
    return container_of(clock, struct office, clock)->wall_us;
}

static int setup(void **state)
{
    struct office *o = MEM_NEW(struct office);
    char why[TOKEN_WHY_MAX + 1];

    log_set_fd(-1);
    o->clock = (struct clock){now_ms, wall_us};
    o->wall_us = clock_wall_us(&CLOCK_SYSTEM) / 1000000 * 1000000 + 60000000;
    strcpy(o->dir, "/tmp/hanok-office-XXXXXX");
    if (!mkdtemp(o->dir))
        return -1;
    o->keys.folder = token_folder_create(o->dir, LIFETIME_S, &ENTROPY_SYSTEM, why);
    o->keys.publish_s = PUBLISH_S;
    *state = o;
    return o->keys.folder ? 0 : -1;
}

static int teardown(void **state)
{
    struct office *o = *state;
    DIR *stream = opendir(o->dir);
    const struct dirent *entry;

    token_folder_destroy(o->keys.folder);
    while ((entry = readdir(stream)))
        unlinkat(dirfd(stream), entry->d_name, 0);
    closedir(stream);
    rmdir(o->dir);
    free(o);
    return 0;
}

static enum status rotate(struct office *o, bool now, bool leaked)
{
    struct signing_key_rotation wish = {now, leaked};
    struct call call = {.clock = &o->clock, .problem = &o->problem};
    enum status st;

    o->problem = (struct problem){0};
    o->made = (struct signing_key){0};
    st = keys_rotate(&o->keys, &call, &wish, &o->made);
    if (st != ST_OK)
        assert_true(operation_declares(&AUTH_ADMIN_KEYS_ROTATE, st, o->problem.code));
    return st;
}

static const struct signing_key *list(struct office *o)
{
    struct call call = {.clock = &o->clock};

    o->list = (struct signing_keys){0};
    assert_int_equal(keys_list(&o->keys, &call, NULL, &o->list), ST_OK);
    assert_int_equal(o->list.now_us, o->wall_us);
    return o->list.keys;
}

static void a_rotation_is_made_shown_and_over_in_the_end(void **state)
{
    struct office *o = *state;
    struct call call = {.clock = &o->clock};
    const struct job_run run = {.call = &call};
    const struct signing_key *keys;

    assert_int_equal(rotate(o, false, false), ST_OK);
    assert_int_equal(o->made.state, SIGNING_KEY_TO_COME);
    assert_int_equal(o->made.begins_us, o->wall_us + PUBLISH_S * INT64_C(1000000));
    keys = list(o);
    assert_int_equal(o->list.n_keys, 2);
    assert_string_equal(keys[0].kid, o->made.kid);
    assert_int_equal(keys[1].state, SIGNING_KEY_SIGNS);
    assert_int_equal(keys[1].over_us, 0);
    o->wall_us += PUBLISH_S * INT64_C(1000000);
    keys = list(o);
    assert_int_equal(keys[0].state, SIGNING_KEY_SIGNS);
    assert_int_equal(keys[1].state, SIGNING_KEY_FOLLOWED);
    assert_true(keys[1].over_us > o->wall_us + LIFETIME_S * INT64_C(1000000));
    assert_int_equal(keys_retire(&o->keys, &run), ST_OK);
    list(o);
    assert_int_equal(o->list.n_keys, 2);
    o->wall_us = keys[1].over_us;
    assert_int_equal(list(o)[1].state, SIGNING_KEY_OVER);
    assert_int_equal(keys_retire(&o->keys, &run), ST_OK);
    list(o);
    assert_int_equal(o->list.n_keys, 1);
    assert_string_equal(o->list.trouble, "");
}

static void who_cannot_wait_need_not(void **state)
{
    struct office *o = *state;

    assert_int_equal(rotate(o, false, false), ST_OK);
    assert_int_equal(rotate(o, false, false), ST_CONFLICT);
    assert_string_equal(o->problem.code, "key_waits");
    assert_int_equal(rotate(o, true, false), ST_OK);
    assert_true(o->made.begins_us <= o->wall_us + 10000000);
    assert_int_equal(rotate(o, false, true), ST_OK);
    assert_int_equal(o->made.state, SIGNING_KEY_SIGNS);
    list(o);
    assert_int_equal(o->list.n_keys, 1);
}

static void what_stands_in_the_way_is_said(void **state)
{
    struct office *o = *state;

    for (int i = 1; i < SIGNING_KEYS_MAX; i++) {
        assert_int_equal(rotate(o, true, false), ST_OK);
        o->wall_us += 10000000;
    }
    assert_int_equal(rotate(o, true, false), ST_CONFLICT);
    assert_string_equal(o->problem.code, "keys_full");
    assert_int_equal(chmod(o->dir, 0777), 0);
    assert_int_equal(rotate(o, true, false), ST_CONFLICT);
    assert_string_equal(o->problem.code, "keys_closed");
    assert_non_null(strstr(o->problem.detail, "chmod 700"));
    list(o);
    assert_non_null(strstr(o->list.trouble, "chmod 700"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_rotation_is_made_shown_and_over_in_the_end),
        T(who_cannot_wait_need_not),
        T(what_stands_in_the_way_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
