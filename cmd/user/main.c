/* main.c - the user service: profiles. Tables and wiring, no logic. */
#include "protocol/user.h"
#include "tool/core/mem.h"
#include "tool/service/service.h"
#include "usecase/user/profile_reading.h"
#include "usecase/user/profile_registration.h"

struct user {
    struct store *profiles;
    struct profile_registration_case registration;
    struct profile_reading reading;
};

static const struct service_pool POOLS[] = {
    {"work", 8, 1024},
};

/* clang-format off */
static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(USER_GET, profile_read, struct profile_query, struct profile),
     .self = offsetof(struct user, reading), .etag = offsetof(struct profile, version), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(USER_REGISTRY, profile_register, struct profile_registration, struct registry_outcome),
     .self = offsetof(struct user, registration), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(USER_REGISTRY_CANCEL, profile_cancel, struct profile_cancellation,
              struct registry_outcome), .self = offsetof(struct user, registration), .pool = "work", .timeout_ms = 2000},
};
/* clang-format on */

static const struct service_store STORES[] = {
    {&PROFILE_TABLE, offsetof(struct user, profiles)},
};

static enum status user_start(void *self, const struct service_run *run)
{
    struct user *user = self;

    user->registration = (struct profile_registration_case){
        .profiles = user->profiles,
        .barrier = run->barrier,
        .transactor = run->transactor,
    };
    user->reading = (struct profile_reading){.profiles = user->profiles};
    return ST_OK;
}

static const struct service USER = {
    .name = "user",
    .summary = "Keeps profiles: registers them for the signup saga, reads them for their owners.",
    .size = sizeof(struct user),
    .pools = POOLS,
    .n_pools = ARRAY_LEN(POOLS),
    .endpoints = ENDPOINTS,
    .n_endpoints = ARRAY_LEN(ENDPOINTS),
    .stores = STORES,
    .n_stores = ARRAY_LEN(STORES),
    .database = true,
    .start = user_start,
};

int main(int argc, char **argv)
{
    return service_main(argc, argv, &USER);
}
