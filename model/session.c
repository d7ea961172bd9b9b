/* session.c - see session.h. */
#include "model/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND_US = 1000000, STEPS = 64 };

const char *const SESSIONS_REVOKED_WHY_NAMES[] = {"ended", "password_changed", "operator",
                                                  "withdrawn", NULL};

const struct rule REFRESH_TOKEN_RULE = {
    .max = REFRESH_TOKEN_MAX,
    .unit = RULE_BYTES,
    .reason = "must be a refresh token",
    .example = "AZrG6Rz5cs6Xkq0T2yWqXw.3.sW1qkL0o3n4mY0Yp2vTtV2m8cC9o1bqZ7m5p8hQxk1A",
};

bool session_alive(const struct session *session, int64_t now_us)
{
    return session->expires_us > now_us;
}

void session_use(struct session *session, const struct session_limits *limits, int64_t now_us)
{
    int64_t idle_us = limits->idle_s * SECOND_US;
    int64_t end_us = session->created_us + limits->lifetime_s * SECOND_US;

    session->used_us = now_us;
    if (session->expires_us < now_us + idle_us)
        session->expires_us = now_us + idle_us + idle_us / STEPS;
    if (session->expires_us > end_us)
        session->expires_us = end_us;
}

/* The i-th moment, from the newest; -1 when there are not as many. */
static int64_t moment_ms(const struct session *session, int64_t i)
{
    char digits[SESSION_MOMENT_LEN + 1] = "";

    if (i < 0 || i >= (int64_t)strlen(session->rotations) / SESSION_MOMENT_LEN)
        return -1;
    memcpy(digits, session->rotations + i * SESSION_MOMENT_LEN, SESSION_MOMENT_LEN);
    return (int64_t)strtoull(digits, NULL, 16);
}

static bool just_now(int64_t moment_ms, int64_t now_us)
{
    return now_us / 1000 - moment_ms <= SESSION_GRACE_S * 1000;
}

void session_rotate(struct session *session, int64_t now_us)
{
    char moments[sizeof(session->rotations)];
    int kept = 0;

    while (kept < SESSION_ROTATIONS - 1 && moment_ms(session, kept) >= 0 &&
           just_now(moment_ms(session, kept), now_us))
        kept++;
    snprintf(moments, sizeof(moments), "%0*" PRIx64 "%.*s", SESSION_MOMENT_LEN,
             (uint64_t)(now_us / 1000), kept * SESSION_MOMENT_LEN, session->rotations);
    memcpy(session->rotations, moments, sizeof(moments));
    session->generation++;
}

enum session_change session_changed(const struct session *session, int64_t generation,
                                    int64_t now_us)
{
    int64_t ms = moment_ms(session, session->generation - 1 - generation);
    int64_t oldest_ms = moment_ms(session, SESSION_ROTATIONS - 1);

    if (ms >= 0)
        return just_now(ms, now_us) ? SESSION_CHANGED_JUST_NOW : SESSION_CHANGED_LONG_AGO;
    return oldest_ms >= 0 && just_now(oldest_ms, now_us) ? SESSION_CHANGED_SOME_TIME
                                                         : SESSION_CHANGED_LONG_AGO;
}

void session_client(const struct session *session, char text[SESSION_CLIENT_MAX + 1])
{
    bool both = session->agent[0] && session->address[0];

    snprintf(text, SESSION_CLIENT_MAX + 1, both ? "%s (%s)" : "%s%s", session->agent,
             session->address);
}
