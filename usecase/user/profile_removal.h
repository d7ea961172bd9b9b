/* profile_removal.h - hiding, showing and erasing a profile for a withdrawal. That each happens
 * once, whatever order the messages come in, is the skeleton's doing: see the rows in cmd/user.
 * self of all: struct profile_registrar; in: struct profile_removal; the answer is told by the
 * request alone. */
#ifndef USECASE_USER_PROFILE_REMOVAL_H
#define USECASE_USER_PROFILE_REMOVAL_H

#include "usecase/user/profile_registrar.h"

/** Nobody sees it from then on; its version, its times and its address stay. ST_OK (also when there
 * is none) | ST_CONFLICT withdrawal_pending (another withdrawal has it) | ST_UNAVAILABLE */
enum status profile_hide(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out);
/** It is as it was before. ST_OK | ST_UNAVAILABLE */
enum status profile_show(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out);
/** It is gone, whoever had hidden it: its account is. ST_OK | ST_UNAVAILABLE */
enum status profile_erase(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out);

/* out: struct registry_outcome. ST_OK */
enum status profile_hidden(void *self, const struct call *call, const void *in, void *out);
enum status profile_shown(void *self, const struct call *call, const void *in, void *out);
enum status profile_erased(void *self, const struct call *call, const void *in, void *out);

#endif
