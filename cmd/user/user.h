/* user.h - what the user service is made of, and what it answers. The rows stand in a header so
 * that tests run the same ones. */
#ifndef CMD_USER_USER_H
#define CMD_USER_USER_H

#include "dataservice/user/mysql/email_rekey.h"
#include "protocol/user.h"
#include "tool/service/service.h"
#include "usecase/user/profile_reading.h"
#include "usecase/user/profile_registrar.h"
#include "usecase/user/profile_removal.h"
#include "usecase/user/profile_update.h"
#include "usecase/user/registry_form.h"

struct user {
    struct store *profiles;
    struct profile_registrar registrar;
    struct profile_reading reading;
    struct email_rekey rekey;
};

/* clang-format off */
static const struct endpoint USER_ENDPOINTS[] = {
    {ENDPOINT_TOGETHER(USER_GET, profile_read, struct profile_query, struct profile),
     .self = offsetof(struct user, reading), .etag = offsetof(struct profile, version),
     .pool = "work", .timeout_ms = 2000},
    {ENDPOINT_CHANGE(USER_REGISTRY, profile_register, struct profile_registration, struct registry_outcome),
     .self = offsetof(struct user, registrar), .once = ONCE_BY_SAGA, .run = profile_registered,
     .older = &REGISTRY_FORM, .pool = "work", .timeout_ms = 2000},
    {ENDPOINT_CHANGE(USER_REGISTRY_CANCEL, profile_unregister, struct profile_cancellation, struct registry_outcome),
     .self = offsetof(struct user, registrar), .undoes = &USER_REGISTRY, .run = profile_unregistered,
     .pool = "work", .timeout_ms = 2000},
    {ENDPOINT_CHANGE(USER_UPDATE, profile_update, struct profile_patch, struct profile),
     .self = offsetof(struct user, registrar), .etag = offsetof(struct profile, version),
     .lane = true, .pool = "work", .timeout_ms = 2000},
    {ENDPOINT_CHANGE(USER_REMOVE, profile_hide, struct profile_removal, struct registry_outcome),
     .self = offsetof(struct user, registrar), .once = ONCE_BY_SAGA, .run = profile_hidden,
     .pool = "work", .timeout_ms = 2000},
    {ENDPOINT_CHANGE(USER_REMOVE_CANCEL, profile_show, struct profile_removal, struct registry_outcome),
     .self = offsetof(struct user, registrar), .undoes = &USER_REMOVE, .run = profile_shown,
     .pool = "work", .timeout_ms = 2000},
    {ENDPOINT_CHANGE(USER_ERASE, profile_erase, struct profile_removal, struct registry_outcome),
     .self = offsetof(struct user, registrar), .once = ONCE_BY_SAGA, .run = profile_erased,
     .pool = "work", .timeout_ms = 2000},
};
/* clang-format on */

#endif
