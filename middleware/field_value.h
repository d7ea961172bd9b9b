/* field_value.h - what a few HTTP header fields say. Pure functions on strings. */
#ifndef MIDDLEWARE_FIELD_VALUE_H
#define MIDDLEWARE_FIELD_VALUE_H

#include <stdbool.h>

/** Content-Type: application/json, with or without charset=utf-8. NULL is not. */
bool field_is_json(const char *content_type);
/** The same of application/merge-patch+json (RFC 7396). */
bool field_is_merge_patch(const char *content_type);
/** Authorization: the token behind "Bearer", NULL when there is none. */
const char *field_bearer(const char *authorization);
/** If-None-Match: whether one of its entity tags, compared weakly, is etag, or it is "*". */
bool field_names_etag(const char *if_none_match, const char *etag);
/** Accept, Accept-Encoding: whether the list has the word itself, not with a weight of 0. NULL has
 * none. */
bool field_accepts(const char *list, const char *word);

#endif
