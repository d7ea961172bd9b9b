/* auth_session.c - what people ask of their sessions, and what happens to them; see auth.h. */
#include "protocol/auth.h"
#include "tool/encoder/page.h"

const struct operation AUTH_LOGOUT = {
    .subject = "auth.logout",
    .summary = "End the session of the access token",
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
};

static const struct field QUERY_FIELDS[] = {
    FIELD(struct sessions_query, user_id, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose; one's own."),
    FIELD(struct sessions_query, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};

static const struct descriptor QUERY =
    DESCRIPTOR(struct sessions_query, "SessionsQuery", QUERY_FIELDS, "Which part of whose list.");

static const struct field VIEW_FIELDS[] = {
    FIELD(struct session_view, session_id, "sessionId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Its id."),
    FIELD(struct session_view, created_us, "createdAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it began, with a login."),
    FIELD(struct session_view, used_us, "lastUsedAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it was refreshed last."),
    FIELD(struct session_view, client, "client", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "What used it last, and from where; empty when neither is known."),
    FIELD(struct session_view, current, "current", FIELD_BOOL, FIELD_REQUIRED,
          .doc = "Whether it is the one that asks."),
};

static const struct descriptor VIEW =
    DESCRIPTOR(struct session_view, "Session", VIEW_FIELDS, "A login that goes on.");

static const struct descriptor PAGE =
    PAGE_OF(struct sessions_page, "SessionsPage", &VIEW, "Sessions, the newest first.");

static const struct operation_error SESSIONS_ERRORS[] = {
    PAGE_ERROR,
    {ST_FORBIDDEN, "forbidden", "It is another's id, whether there is such a user or not."},
    {ST_OK,        NULL,        NULL                                                      },
};

const struct operation AUTH_SESSIONS = {
    .subject = "auth.sessions",
    .summary = "List one's sessions",
    .request = &QUERY,
    .reply = &PAGE,
    .idempotent = true,
    .access = {.kind = ACCESS_OWNER, .offset = offsetof(struct sessions_query, user_id)},
    .errors = SESSIONS_ERRORS,
};

static const struct field END_FIELDS[] = {
    FIELD(struct session_end, user_id, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose; one's own."),
    FIELD(struct session_end, session_id, "sessionId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Which of them."),
};

static const struct descriptor END =
    DESCRIPTOR(struct session_end, "SessionEnd", END_FIELDS, "Which session is to end.");

static const struct operation_error END_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "It is another's id, whether there is such a user or not."},
    {ST_NOT_FOUND, "not_found", "There is no such session of this user (any more)."       },
    {ST_OK,        NULL,        NULL                                                      },
};

const struct operation AUTH_SESSIONS_END = {
    .subject = "auth.sessions.end",
    .summary = "End one of one's sessions",
    .request = &END,
    .idempotent = true,
    .access = {.kind = ACCESS_OWNER, .offset = offsetof(struct session_end, user_id)},
    .errors = END_ERRORS,
};

static const struct field REUSED_FIELDS[] = {
    FIELD(struct session_reused, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose account it is."),
    FIELD(struct session_reused, session_id, "sessionId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Which session it was."),
};

static const struct descriptor REUSED =
    DESCRIPTOR(struct session_reused, "SessionReused", REUSED_FIELDS,
               "A session of which somebody else has a token.");

const struct event_type AUTH_SESSION_REUSED = {
    .name = "auth.session_reused",
    .summary = "A refresh token came again long after it was changed: its session is revoked",
    .data = &REUSED,
    .key = offsetof(struct session_reused, user_id),
};

static const struct field REVOKED_FIELDS[] = {
    FIELD(struct sessions_revoked, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose account it is."),
    FIELD(struct sessions_revoked, sessions, "sessions", FIELD_INT, FIELD_REQUIRED, .min = 1,
          .max = SESSIONS_MAX, .doc = "How many."),
    FIELD(struct sessions_revoked, why, "why", FIELD_ENUM, FIELD_REQUIRED,
          .names = SESSIONS_REVOKED_WHY_NAMES,
          .doc = "ended: by the owner, one of them; password_changed, operator: all."),
};

static const struct descriptor REVOKED = DESCRIPTOR(struct sessions_revoked, "SessionsRevoked",
                                                    REVOKED_FIELDS, "Sessions that were ended.");

const struct event_type AUTH_SESSIONS_REVOKED = {
    .name = "auth.sessions_revoked",
    .summary = "Sessions were ended, other than by their own logout",
    .data = &REVOKED,
    .key = offsetof(struct sessions_revoked, user_id),
};
