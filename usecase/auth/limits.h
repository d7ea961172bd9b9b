/* limits.h - how often one may guess: passwords, and which login ids and addresses are taken. */
#ifndef USECASE_AUTH_LIMITS_H
#define USECASE_AUTH_LIMITS_H

#include "dataservice/auth/session_store.h"
#include "model/account.h"
#include "tool/throttle/throttle.h"

/** Somebody logging in: what his failures count for. */
struct login_limits {
    const struct throttle *throttle;
    struct throttle_subject subjects[2]; /* of anybody, of this client */
    size_t from;                         /* 1: a client that the account knows */
    int held_s;                          /* unless it knows him: by what others have done */
};

/** Before the hash, and before the account is looked up. ST_OK | ST_LIMITED too_many_attempts */
enum status login_limits_begin(struct login_limits *l, const struct throttle *throttle,
                               const struct call *call, const char *login_id);
/** The account has been looked up; user_id: nil when there is none. Does it know the client by a
 * living session? Costs nothing while nobody is held. ST_OK | ST_LIMITED */
enum status login_limits_know(struct login_limits *l, struct store *sessions,
                              const struct call *call, struct uuid user_id);
/** The password was wrong. ST_OK: say so | ST_LIMITED | ST_UNCERTAIN */
enum status login_limits_fail(const struct login_limits *l, const struct call *call);
/** It was right: first in the transaction of the login. ST_OK | ST_LIMITED, to be rolled back */
enum status login_limits_pass(const struct login_limits *l, struct transaction *tx,
                              const struct call *call);

/** A signup that was told that something is taken counts for its client. */
struct throttle_subject signup_limit(const struct throttle *throttle, const struct call *call);
/** The same, later, when it turns out; whether that works is nothing to the signup. */
void signup_limit_count(const struct throttle *throttle, const struct call *call,
                        struct uuid limit);
/** In tx, in which the account is removed: nothing that others may have failed at for it holds the
 * next of its name. What a client has failed at stays that client's. ST_OK | ST_UNAVAILABLE ... */
enum status account_limits_forget(const struct throttle *throttle, struct transaction *tx,
                                  const struct call *call, const struct account *account);
/** A wrong current password counts for the account. */
struct throttle_subject password_limit(const struct throttle *throttle, struct uuid user_id);

#endif
