/* doctor_keys.c - do all instances of auth sign with the same keys, by clocks that are alike, and
 * is the key that signs not too old? */
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/clock.h"

enum { OLD_DAYS = 365, APART_S = 5 };
#define DAY_US (86400 * INT64_C(1000000))
#define AUTH "auth"

static int64_t time_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    int64_t us;

    return text && clock_parse(text, &us) == 0 ? us : 0;
}

static void look_at_folders(const json_t *instances, const json_t *keys, json_t *items)
{
    json_int_t broken = 0, all = (json_int_t)json_array_size(instances);
    const char *example = NULL, *advice =
                                    "They do not share a key folder: give them the same one, or "
                                    "tokens of one are unknown to the other.";
    size_t i;
    json_t *one;

    json_array_foreach (keys, i, one) {
        if (json_integer_value(json_object_get(one, "instances")) == all)
            continue;
        broken++;
        example = json_string_value(json_object_get(one, "kid"));
    }
    json_array_foreach (instances, i, one) {
        const char *trouble = json_string_value(json_object_get(one, "trouble"));
        if (!trouble)
            continue;
        broken++;
        advice = trouble;
    }
    doctor_add(items, "instances of auth have the same signing keys", broken > 0 ? "BROKEN" : "OK",
               AUTH, broken, example, advice);
}

static void look_at_age(const json_t *keys, int64_t now_us, json_t *items)
{
    const char *old = NULL;
    size_t i;
    json_t *key;

    json_array_foreach (keys, i, key) {
        const char *state = json_string_value(json_object_get(key, "state"));
        int64_t begins_us = time_of(key, "beginsAt");
        if (state && strcmp(state, "SIGNS") == 0 && begins_us > 0 &&
            now_us - begins_us > OLD_DAYS * DAY_US)
            old = json_string_value(json_object_get(key, "kid"));
    }
    doctor_add(items, "the signing key is not older than a year", old ? "BROKEN" : "OK", AUTH,
               old != NULL, old, "hanokctl keys rotate; nobody is logged out by it.");
}

/* Each clock with the earliest one. The answers were given within a moment of each other. */
static void look_at_clocks(const json_t *instances, json_t *items)
{
    int64_t first_us = INT64_MAX;
    json_int_t apart = 0;
    size_t i;
    json_t *one;

    json_array_foreach (instances, i, one) {
        int64_t now_us = time_of(one, "now");
        if (now_us > 0 && now_us < first_us)
            first_us = now_us;
    }
    json_array_foreach (instances, i, one) {
        apart += time_of(one, "now") - first_us > APART_S * INT64_C(1000000);
    }
    doctor_add(items, "clocks of auth's instances are alike", apart > 0 ? "BROKEN" : "OK", AUTH,
               apart, NULL,
               "They are more than 5 s apart: keys begin to sign, and tokens end, by these clocks; "
               "have NTP set them.");
}

void doctor_look_at_keys(struct session *session, const struct found *services, size_t n,
                         json_t *items)
{
    json_t *instances, *keys;

    if (!ask_has(services, n, AUTH) || keys_gather(session, &instances) != EXIT_DONE)
        return;
    keys = keys_merge(instances);
    look_at_folders(instances, keys, items);
    look_at_age(keys, clock_wall_us(&CLOCK_SYSTEM), items);
    look_at_clocks(instances, items);
    json_decref(keys);
    json_decref(instances);
}
