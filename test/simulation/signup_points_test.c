/* signup_points_test.c - one thing goes wrong, at every point there is: the k-th call fails, or its
 * answer is lost, or the process dies just before or just after it, for every k. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/simulation/sim_trouble.h"
#include "test/simulation/sim_signup.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/sanitized_test.h"

enum { SECOND_US = 1000000, POINTS_MIN = 12 };
enum { STEP = SANITIZED ? 7 : 1 };

static const char *const FATE_NAMES[SIM_FATES] = {"fine", "fails", "loses its answer",
                                                  "crashes before", "crashes after"};

/* Each gives the saga one of its endings. */
static void one_signs_up(struct sim_signup *signup)
{
    sim_signup_client(signup, 1000, 1, 1, "key");
}

static void two_share_an_address(struct sim_signup *signup)
{
    sim_signup_client(signup, 1000, 1, 1, "");
    sim_signup_client(signup, SECOND_US, 2, 1, "key");
}

static void the_profile_service_is_away(struct sim_signup *signup)
{
    signup->user->away.until_us = 40 * (int64_t)SECOND_US;
    sim_signup_client(signup, 1000, 1, 1, "key");
}

/* It did its work in time, but nobody heard of it. */
static void the_profile_service_is_not_heard(struct sim_signup *signup)
{
    signup->house.bus.mute_until_us = 40 * (int64_t)SECOND_US;
    sim_signup_client(signup, 1000, 1, 1, "key");
}

static void mute(void *arg)
{
    ((struct sim_signup *)arg)->house.bus.mute_until_us = 40 * (int64_t)SECOND_US;
}

static void one_leaves(struct sim_signup *signup)
{
    sim_signup_client(signup, 1000, 1, 1, "key");
    sim_signup_leaves(&signup->clients[0], SECOND_US);
}

static void one_logs_in_and_leaves(struct sim_signup *signup)
{
    one_leaves(signup);
    sim_signup_logs_in(&signup->clients[0], SECOND_US / 2);
}

/* It is not known whether the profile is hidden. */
static void one_leaves_and_the_profile_service_is_not_heard(struct sim_signup *signup)
{
    one_leaves(signup);
    sim_post(&signup->house.sim, SECOND_US - 1000, mute, signup);
}

static void one_leaves_and_the_next_comes(struct sim_signup *signup)
{
    one_leaves(signup);
    sim_signup_client(signup, 2 * (int64_t)SECOND_US, 1, 1, "next");
}

/* Between who changes, who leaves and who has the address in mind. */
static void one_changes_and_leaves(struct sim_signup *signup)
{
    one_leaves(signup);
    sim_signup_client(signup, 2000, 2, 2, "");
    sim_signup_changes(&signup->clients[0], SECOND_US, 3);
    sim_signup_changes(&signup->clients[1], SECOND_US + 2000, 1);
}

static void the_stream_loses_its_end(struct sim_signup *signup)
{
    sim_signup_client(signup, 1000, 1, 1, "key");
    sim_trouble_at(&signup->house, 3000, SIM_STREAM_LOSES);
}

static void the_stream_vanishes(struct sim_signup *signup)
{
    sim_signup_client(signup, 1000, 1, 1, "key");
    sim_trouble_at(&signup->house, 5000, SIM_STREAM_VANISHES);
}

static void events_cannot_be_handled(struct sim_signup *signup)
{
    signup->house.poison.deadly = 500;
    sim_signup_client(signup, 1000, 1, 1, "key");
}

static const struct {
    const char *name;
    void (*prepare)(struct sim_signup *signup);
    const char *reason; /* the only one a saga may be compensated for; NULL = none may */
} SCENES[] = {
    {"one signs up",                                     one_signs_up,                     NULL               },
    {"two share an address",                             two_share_an_address,             "email_taken"      },
    {"the profile service is away",                      the_profile_service_is_away,      "deadline_exceeded"},
    {"the profile service is not heard",                 the_profile_service_is_not_heard, "deadline_exceeded"},
    {"one logs in and leaves",                           one_logs_in_and_leaves,           NULL               },
    {"one leaves, and the profile service is not heard",
     one_leaves_and_the_profile_service_is_not_heard,                                      "deadline_exceeded"},
    {"one leaves, and the next comes",                   one_leaves_and_the_next_comes,    "email_taken"      },
    {"one changes and leaves",                           one_changes_and_leaves,           "email_taken"      },
    {"the stream loses its end",                         the_stream_loses_its_end,         NULL               },
    {"the stream vanishes",                              the_stream_vanishes,              NULL               },
    {"events cannot be handled",                         events_cannot_be_handled,         NULL               },
};

static const char *check_reasons(struct sim_house *house, const char *reason)
{
    for (size_t i = 0; i < house->n_tried; i++) {
        struct saga_record record;
        if (sim_house_saga(house, i, &record) && record.view.state == SAGA_COMPENSATED &&
            (!reason || strcmp(record.view.reason, reason) != 0))
            return record.view.reason[0] ? "compensated for another reason" : "for none";
    }
    return NULL;
}

/* NULL, or what is wrong; *calls: how many there were. */
static const char *run(size_t scene, struct sim_plan plan, uint64_t *calls)
{
    struct sim_signup *signup = MEM_NEW(struct sim_signup);
    struct sim_house *house = &signup->house;
    const char *wrong = NULL;

    sim_signup_init(signup, 7);
    house->plan = plan;
    SCENES[scene].prepare(signup);
    if (!sim_house_settle(house))
        wrong = "it does not come to an end";
    if (!wrong)
        wrong = sim_signup_check(signup);
    if (!wrong)
        wrong = check_reasons(house, SCENES[scene].reason);
    *calls = house->calls;
    if (!sim_house_stragglers(house) && !wrong)
        wrong = "a message that came after the end changed something";
    sim_house_fini(house);
    free(signup);
    return wrong;
}

static void whatever_call_goes_wrong_a_signup_ends_whole(void **state)
{
    (void)state;
    for (size_t scene = 0; scene < ARRAY_LEN(SCENES); scene++) {
        for (enum sim_fate fate = SIM_FAIL; fate < SIM_FATES; fate++) {
            uint64_t calls, k = 0;
            do { /* until a run has fewer calls than that */
                const char *wrong = run(scene, (struct sim_plan){k += STEP, fate}, &calls);
                if (wrong)
                    fail_msg("%s, call %u %s: %s", SCENES[scene].name, (unsigned)k,
                             FATE_NAMES[fate], wrong);
            } while (k <= calls);
            assert_true(k > POINTS_MIN);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_call_goes_wrong_a_signup_ends_whole),
    };

    log_set_fd(-1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
