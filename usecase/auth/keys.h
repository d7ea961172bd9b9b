/* keys.h - the keys that sign access tokens: what operators see of them, and a new one. */
#ifndef USECASE_AUTH_KEYS_H
#define USECASE_AUTH_KEYS_H

#include "model/signing_key.h"
#include "tool/core/call.h"
#include "tool/crypto/token_folder.h"
#include "tool/job/job.h"

/* Borrowed. Read-only once wired. */
struct keys {
    struct token_folder *folder;
    int64_t publish_s; /* between its publication and its first token */
};

/** out: struct signing_keys, of this instance. ST_OK */
enum status keys_list(void *self, const struct call *call, const void *in, void *out);
/** in: struct signing_key_rotation, out: struct signing_key, the new one. It is in the set by which
 * tokens are checked at once, and signs when every gateway has fetched that. ST_OK | ST_CONFLICT
 * key_waits, keys_full, keys_closed (the folder is not ours to change) */
enum status keys_rotate(void *self, const struct call *call, const void *in, void *out);
/** A job: removes the files of keys of which no token is left. ST_OK, also when it may not: that is
 * said once */
enum status keys_retire(void *self, const struct job_run *run);

#endif
