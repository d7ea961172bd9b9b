/* signup_key.c - idempotency keys of signups. */
#include "usecase/auth/signup_key.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"

void signup_key_init(struct request_key *key, const struct call *call,
                     const struct signup_form *form)
{
    const char *const parts[] = {form->login_id, form->person.name, form->person.email,
                                 form->person.phone};

    request_key_init(key, call, parts, ARRAY_LEN(parts));
}

void signup_key_outcome(const struct request_key *key, const struct signup_accepted *accepted,
                        char outcome[BARRIER_OUTCOME_MAX + 1])
{
    char user_id[UUID_TEXT_LEN + 1], saga_id[UUID_TEXT_LEN + 1], answer[2 * UUID_TEXT_LEN + 2];

    snprintf(answer, sizeof(answer), "%s %s", uuid_text(accepted->user_id, user_id),
             uuid_text(accepted->saga_id, saga_id));
    request_key_outcome(key, answer, outcome);
}

bool signup_key_matches(const struct request_key *key, const char *outcome,
                        struct signup_accepted *accepted)
{
    const char *answer = request_key_answer(key, outcome);
    char user_id[UUID_TEXT_LEN + 1] = "";

    if (!answer || strlen(answer) != 2 * UUID_TEXT_LEN + 1)
        return false;
    memcpy(user_id, answer, UUID_TEXT_LEN);
    return uuid_parse(user_id, &accepted->user_id) &&
           uuid_parse(answer + UUID_TEXT_LEN + 1, &accepted->saga_id);
}
