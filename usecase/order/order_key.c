/* order_key.c - see order_key.h. */
#include "usecase/order/order_key.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/encoder/encode_text.h"

enum { GUESS = 4096, TEXT_MAX = 64 * 1024 };

enum status order_key_init(struct order_key *key, const struct call *call,
                           const struct operation *op, const void *in)
{
    char guess[GUESS];
    struct json_text json;
    bool fits;

    if (!call->idempotency_key[0])
        return request_key_required(call);
    fits = encode_text(&json, guess, sizeof(guess), TEXT_MAX, op->request, in);
    ASSERT(fits); /* it came in a message */
    request_key_init(&key->key, call, (const char *[]){json.text}, 1);
    json_text_fini(&json);
    key->consumer = op->subject;
    return ST_OK;
}

static bool read_led(const char *answer, struct order_led *out)
{
    char order_id[UUID_TEXT_LEN + 1] = "";

    if (strlen(answer) != 2 * UUID_TEXT_LEN + 1)
        return false;
    memcpy(order_id, answer, UUID_TEXT_LEN);
    return uuid_parse(order_id, &out->order_id) &&
           uuid_parse(answer + UUID_TEXT_LEN + 1, &out->saga_id);
}

enum status order_key_find(const struct orders *orders, const struct call *call,
                           const struct order_key *key, struct order_led *out)
{
    struct barrier *barrier = orders->barrier;
    char noted[BARRIER_OUTCOME_MAX + 1];
    const char *answer;
    enum status st = barrier->ops->find(barrier, call, key->consumer, key->key.key, noted);

    if (st != ST_OK)
        return st;
    answer = request_key_answer(&key->key, noted);
    return answer && read_led(answer, out) ? ST_OK : request_key_reused(call);
}

enum status order_key_enter(const struct orders *orders, struct transaction *tx,
                            const struct call *call, const struct order_key *key,
                            const struct order_led *led)
{
    struct barrier *barrier = orders->barrier;
    char order_id[UUID_TEXT_LEN + 1], saga_id[UUID_TEXT_LEN + 1], answer[2 * UUID_TEXT_LEN + 2];
    char outcome[BARRIER_OUTCOME_MAX + 1], seen[BARRIER_OUTCOME_MAX + 1];

    snprintf(answer, sizeof(answer), "%s %s", uuid_text(led->order_id, order_id),
             uuid_text(led->saga_id, saga_id));
    request_key_outcome(&key->key, answer, outcome);
    return barrier->ops->enter(barrier, tx, call, key->consumer, key->key.key, outcome, seen);
}

enum status order_key_twin(const struct orders *orders, const struct call *call,
                           const struct order_key *key, struct order_led *out)
{
    enum status st = order_key_find(orders, call, key, out);

    return st == ST_NOT_FOUND ? request_key_in_progress(call) : st;
}

void order_key_forget(const struct orders *orders, const struct call *call,
                      const struct operation *op, struct uuid saga_id)
{
    struct barrier *barrier = orders->barrier;
    struct call quiet = *call;
    char noted[BARRIER_OUTCOME_MAX + 1];
    struct request_key key;
    struct order_led led;

    quiet.problem = NULL; /* it says what became of the saga */
    request_key_init(&key, call, NULL, 0);
    if (barrier->ops->find(barrier, &quiet, op->subject, key.key, noted) == ST_OK &&
        strlen(noted) > DIGEST_B64_LEN && read_led(noted + DIGEST_B64_LEN + 1, &led) &&
        uuid_equal(led.saga_id, saga_id))
        barrier->ops->forget(barrier, &quiet, op->subject, key.key, noted);
}
