/* throttle.h - who keeps failing is held: guessing passwords, asking which addresses are taken. The
 * counts are rows, so they hold in every instance and over restarts. A service has the store in its
 * .stores, the purge in its .jobs, and in a use case:
 *
 *   static const struct throttle_rule TRIES = {"coupon", 5, 900, 30, 900, true};
 *
 *   struct throttle_subject who = throttle_subject(t, &TRIES, call->client, form->code);
 *   st = throttle_ask(t, call, &who, 1);               before what is slow
 *   if (it is wrong)
 *       st = throttle_fail(t, call, &who, 1);          ST_OK: say that it is wrong
 *   else
 *       st = throttle_pass(t, tx, call, &who, 1);      in the transaction of the success
 *
 * Of many who ask at once, so many are told that they are wrong as the rule allows, and a right one
 * comes through only if it comes before the last of those: whoever answers has locked the row.
 *
 * A struct throttle is shared, read-only, any thread; NULL, like one that is off, holds nobody.
 * Everything may also be ST_UNAVAILABLE, ST_OVERLOADED, ST_INTERNAL as the store. */
#ifndef TOOL_THROTTLE_THROTTLE_H
#define TOOL_THROTTLE_THROTTLE_H

#include "tool/core/transaction.h"
#include "tool/crypto/digest.h"
#include "tool/job/job.h"
#include "tool/metrics/metrics.h"
#include "tool/store/store.h"
#include "tool/throttle/attempt.h"

enum { THROTTLE_SUBJECTS_MAX = 4, THROTTLE_TEXT_MAX = 255 };

/* Embedded in the service's struct; everything in it is private. */
struct throttle {
    struct store *attempts;
    struct transactor *transactor;
    struct metrics *metrics;
    bool off;
    uint8_t key[DIGEST_KEY_LEN];
};

/* What is counted: by which rule, of whom. Of several that are asked, counted and passed together,
 * the one that most have in common comes first: a failure of any of them counts for it. */
struct throttle_subject {
    const struct throttle_rule *rule;
    struct uuid id;
    bool seen; /* there was something to remember when it was asked for */
};

/** All borrowed. secret: shared by all instances, kept over restarts; what names a subject stands
 * in no row in clear, nor can it be guessed without this. NULL: off, and said so in the log. */
void throttle_init(struct throttle *t, struct store *attempts, struct transactor *transactor,
                   const char *secret, struct metrics *metrics);

/** who and what: THROTTLE_TEXT_MAX bytes at most each, together unlike any others. */
struct throttle_subject throttle_subject(const struct throttle *t, const struct throttle_rule *rule,
                                         const char *who, const char *what);

/** Is any of n (THROTTLE_SUBJECTS_MAX at most) held? One statement, no lock.
 * ST_OK | ST_LIMITED too_many_attempts with retry_after_s */
enum status throttle_ask(const struct throttle *t, const struct call *call,
                         struct throttle_subject subjects[], size_t n);
/** The same, to be judged by the caller: held_s[i] is the seconds that subject is held, or 0. ST_OK
 */
enum status throttle_look(const struct throttle *t, const struct call *call,
                          struct throttle_subject subjects[], size_t n, int held_s[]);
/** What throttle_ask answers when it is held so long. ST_LIMITED */
enum status throttle_refuse(const struct throttle *t, const struct call *call,
                            const struct throttle_subject *subject, int held_s);
/** Counts a failure of all n, in a transaction of its own. ST_OK (the one who failed may be told) |
 * ST_LIMITED as throttle_ask: others have used the limit up meanwhile; counts nothing |
 * ST_UNCERTAIN */
enum status throttle_fail(const struct throttle *t, const struct call *call,
                          const struct throttle_subject subjects[], size_t n);
/** A success of who has asked, before anything else in its transaction: locks what is known of all
 * n, forgets what its rule forgives. One statement where nobody has failed. ST_OK | ST_LIMITED as
 * throttle_ask: for the transaction to be rolled back */
enum status throttle_pass(const struct throttle *t, struct transaction *tx, const struct call *call,
                          const struct throttle_subject subjects[], size_t n);
/** In tx: nothing is remembered of any of n. ST_OK */
enum status throttle_forget(const struct throttle *t, struct transaction *tx,
                            const struct call *call, const struct throttle_subject subjects[],
                            size_t n);
/** A job (job_fn): removes rows that say nothing any more. */
enum status throttle_purge(void *self, const struct job_run *run);

#endif
