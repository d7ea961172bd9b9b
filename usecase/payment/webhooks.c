/* webhooks.c - see webhooks.h. */
#include "usecase/payment/webhooks.h"

#include <string.h>

#include "protocol/payment.h"
#include "tool/core/mem.h"
#include "tool/crypto/digest.h"
#include "tool/crypto/webhook.h"
#include "usecase/payment/operation.h"

enum { NUDGE_MS = 3000 };

struct letter {
    char body[PAYINFO_WEBHOOK_SIZE];
    size_t len;
    struct webhook_notice notice;
};

static enum status bad_signature(const struct call *call)
{
    return call_fail(call, ST_INVALID, "bad_signature",
                     "It must be signed by the provider, less than 300 s ago.");
}

/* Whose it is, and then what it says. */
static enum status open_letter(const struct payment_case *p, const struct call *call,
                               const struct webhook *hook, struct letter *letter)
{
    struct problem unread = {.status = ST_OK};
    int64_t now_s = clock_wall_us(call->clock) / 1000000;

    if (strcmp(hook->provider, p->provider_name) != 0)
        return call_fail(call, ST_NOT_FOUND, NULL, "There is no such provider.");
    if (!p->webhook_secret[0] ||
        !digest_from_base64(hook->body, letter->body, sizeof(letter->body), &letter->len) ||
        !webhook_is_signed(p->webhook_secret, hook->webhook_signature, letter->body, letter->len,
                           now_s))
        return bad_signature(call);
    if (decode_lenient(&WEBHOOK_NOTICE, letter->body, letter->len, &letter->notice, &unread) !=
        ST_OK)
        return call_fail(call, ST_INVALID, NULL, "It has no id and no key.");
    return ST_OK;
}

enum status webhook_check(void *self, const struct call *call, const void *in, void *out)
{
    struct letter letter;

    (void)out;
    return open_letter(self, call, in, &letter);
}

/* That it has paid out: what it was is entered as its book has it (book.h). */
static bool is_settlement(const struct webhook_notice *notice)
{
    return strcmp(notice->type, "payment.settled") == 0;
}

enum status webhook_take(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out)
{
    struct payment_case *p = self;
    const struct webhook *hook = in;
    struct letter letter;
    struct payment_operation op;
    struct webhook_event event = {.webhook_id = uuid_v7(call->clock, p->entropy)};
    enum status st = open_letter(p, call, hook, &letter);

    if (st != ST_OK)
        return st;
    if (!is_settlement(&letter.notice))
        st = store_find(p->operations, tx, call, NULL, &letter.notice.key, &op);
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "It is about nothing that we know.");
    if (st != ST_OK)
        return st;
    event.operation_id = letter.notice.key;
    TEXT_COPY(event.provider, hook->provider);
    TEXT_COPY(event.event_id, letter.notice.event_id);
    st = store_insert(p->webhooks, tx, call, &event, NULL);
    ((struct webhook_taken *)out)->seen_before = st == ST_CONFLICT;
    return st == ST_CONFLICT ? ST_OK : st;
}

enum status webhook_nudge(void *self, const struct call *call, const void *in, void *out,
                          bool again)
{
    struct payment_case *p = self;
    struct call own = call_within(call, NUDGE_MS, NULL);
    struct letter letter;
    struct payment_operation op;

    (void)out;
    (void)again;
    /* What cannot be found out now the sweeper will. */
    if (open_letter(p, &own, in, &letter) == ST_OK)
        (void)operation_settle(p, &own, letter.notice.key, SETTLE_LOOK, &op);
    return ST_OK;
}
