/* email_rekey.h - brings the keys of addresses (user_inform.email_key) into the form that
 * profile_email_key gives today. A release before lower-cased ASCII and nothing else; while one
 * runs beside, it goes on writing such rows. SQL by hand: a derived column is never read by the
 * store. */
#ifndef DATASERVICE_USER_MYSQL_EMAIL_REKEY_H
#define DATASERVICE_USER_MYSQL_EMAIL_REKEY_H

#include "tool/dbc/pool.h"
#include "tool/job/job.h"

/* One thread at a time, which a job has. */
struct email_rekey {
    struct dbc_pool *db; /* borrowed */
    struct uuid after;   /* rows up to it have been looked at; nil = none */
    int64_t began_us;    /* the pass that is under way; 0 = none is */
};

/** A job's function. The first pass of a process looks at all rows, later ones at what is as new as
 * the last pass or EMAIL_REKEY_BACK_US older. A row whose key is another profile's already keeps
 * its own and is noted in email_conflict, with a warning that names both, until a later run can
 * give it its key. ST_OK | ST_PENDING (its time was up) | ST_UNAVAILABLE ... */
enum status email_rekey(void *self, const struct job_run *run);

/* A profile is made this long after its id, which tells its time, at most. */
#define EMAIL_REKEY_BACK_US (INT64_C(3600) * 1000000)

#endif
