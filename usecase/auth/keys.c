/* keys.c - see keys.h. */
#include "usecase/auth/keys.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

enum {
    SECOND_US = 1000000,
    /* Instances look at the folder once a second; some folders of other machines are slower. */
    SPREAD_S = 5,
};

static int64_t now_s(const struct call *call)
{
    return clock_wall_us(call->clock) / SECOND_US;
}

static void show(const struct token_key_view *view, struct signing_key *out)
{
    static const enum signing_key_state STATES[] = {
        [TOKEN_KEY_TO_COME] = SIGNING_KEY_TO_COME,
        [TOKEN_KEY_SIGNS] = SIGNING_KEY_SIGNS,
        [TOKEN_KEY_FOLLOWED] = SIGNING_KEY_FOLLOWED,
        [TOKEN_KEY_OVER] = SIGNING_KEY_OVER,
    };

    TEXT_COPY(out->kid, view->kid);
    out->state = STATES[view->state];
    out->begins_us = view->begins_s * SECOND_US;
    out->over_us = view->over_s * SECOND_US;
}

enum status keys_list(void *self, const struct call *call, const void *in, void *out)
{
    const struct keys *keys = self;
    struct signing_keys *list = out;
    struct token_folder_view view;

    _Static_assert((int)TOKEN_KEYS_MAX <= (int)SIGNING_KEYS_MAX, "all of them fit");
    (void)in;
    token_folder_view(keys->folder, now_s(call), &view);
    for (size_t i = 0; i < view.n; i++)
        show(&view.keys[i], &list->keys[list->n_keys++]);
    list->now_us = clock_wall_us(call->clock);
    TEXT_COPY(list->trouble, view.trouble);
    return ST_OK;
}

static enum status refused(const struct call *call, enum token_key_change change, const char *why)
{
    switch (change) {
    case TOKEN_KEY_WAITS:
        return call_fail(call, ST_CONFLICT, "key_waits", "%s; wait for it, or have one sign now",
                         why);
    case TOKEN_KEYS_FULL:
        return call_fail(call, ST_CONFLICT, "keys_full", "%s", why);
    case TOKEN_KEYS_CLOSED:
    case TOKEN_KEY_DONE:
        break;
    }
    log_warn("no new token key", LOG_CALL(call), LOG_TEXT("why", why));
    return call_fail(call, ST_CONFLICT, "keys_closed", "%s", why);
}

static bool find(const struct token_folder_view *view, const char *kid, struct signing_key *out)
{
    for (size_t i = 0; i < view->n; i++)
        if (strcmp(view->keys[i].kid, kid) == 0) {
            show(&view->keys[i], out);
            return true;
        }
    return false;
}

enum status keys_rotate(void *self, const struct call *call, const void *in, void *out)
{
    const struct keys *keys = self;
    const struct signing_key_rotation *wish = in;
    int64_t begins_s = now_s(call) + (wish->leaked ? 0 : wish->now ? SPREAD_S : keys->publish_s);
    char kid[TOKEN_KID_LEN + 1] = "", why[TOKEN_WHY_MAX + 1] = "";
    struct token_folder_view view;
    enum token_key_change change =
        token_folder_add(keys->folder, begins_s, now_s(call), wish->leaked, kid, why);

    if (change != TOKEN_KEY_DONE)
        return refused(call, change, why);
    log_info(wish->leaked ? "token keys replaced: what they have signed counts no more"
                          : "token key added",
             LOG_CALL(call), LOG_TEXT("kid", kid),
             LOG_INT("beginsInSeconds", begins_s - now_s(call)));
    token_folder_view(keys->folder, now_s(call), &view);
    return find(&view, kid, out) ? ST_OK : ST_UNAVAILABLE;
}

enum status keys_retire(void *self, const struct job_run *run)
{
    const struct keys *keys = self;

    token_folder_retire(keys->folder, now_s(run->call));
    return ST_OK;
}
