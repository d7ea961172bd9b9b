/* routes_bucket.h - routes that are kept in a NATS key-value bucket, under the key "routes":
 * whoever puts others there changes those of all gateways within two seconds. Loop thread only. */
#ifndef CMD_GATEWAY_ROUTES_BUCKET_H
#define CMD_GATEWAY_ROUTES_BUCKET_H

#include "tool/message/client.h"

enum { ROUTES_BUCKET_MAX = 63, ROUTES_BUCKET_SUBJECT_MAX = ROUTES_BUCKET_MAX + 32 };

struct routes_bucket;

struct routes_bucket_config {
    const char *name; /* of the bucket: ROUTES_BUCKET_MAX letters, digits, '-' and '_' */
    struct message_client *client;
    struct link *link;
    struct loop *loop;
    /** Another text is there, or, text NULL, none any more. Borrowed. */
    void (*changed)(void *arg, const char *text);
    void *arg;
};

/** Looks at once, then again and again. */
struct routes_bucket *routes_bucket_create(const struct routes_bucket_config *config);
/** NULL is fine. */
void routes_bucket_destroy(struct routes_bucket *bucket);
/** For a setting: NULL, or why it is no name of a bucket; "" is one, of none. */
const char *routes_bucket_check(const void *name);
/** What has to be allowed to be asked. */
void routes_bucket_subject(const char *name, char subject[ROUTES_BUCKET_SUBJECT_MAX + 1]);

#endif
