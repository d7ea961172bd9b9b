/* main.c - the user service: profiles. Tables and wiring, no logic. */
#include "cmd/user/user.h"
#include "tool/core/mem.h"

static const struct service_pool POOLS[] = {
    {"work", 4, 1024},
};

static const struct service_store STORES[] = {
    {&PROFILE_TABLE, offsetof(struct user, profiles)},
};

static const struct job JOBS[] = {
    {"rekey_emails", offsetof(struct user, rekey), email_rekey, 60000, 5000, JOB_ONE_INSTANCE, 0},
};

static enum status user_start(void *self, const struct service_run *run)
{
    struct user *user = self;

    user->registrar = (struct profile_registrar){.profiles = user->profiles, .outbox = run->outbox};
    user->reading = (struct profile_reading){.profiles = user->profiles};
    user->rekey = (struct email_rekey){.db = run->db};
    return ST_OK;
}

static const struct service USER = {
    .name = "user",
    .summary = "Keeps profiles: makes and removes them for sagas, reads and changes them for their "
               "owners.",
    .size = sizeof(struct user),
    ROWS_OF(pools, POOLS),
    ROWS_OF(endpoints, USER_ENDPOINTS),
    .says = USER_EVENTS,
    ROWS_OF(stores, STORES),
    ROWS_OF(jobs, JOBS),
    .invariants = PROFILE_INVARIANTS,
    .id_sets = PROFILE_ID_SETS,
    .database = true,
    .start = user_start,
};

int main(int argc, char **argv)
{
    return service_main(argc, argv, &USER);
}
