/* json_out.h - writes JSON into a caller's buffer; no allocation, never overruns, remembers when it
 * did not fit. Commas are placed by itself. */
#ifndef TOOL_CORE_JSON_OUT_H
#define TOOL_CORE_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_out {
    char *buf; /* NUL terminated as long as size > 0 */
    size_t size, len;
    bool overflow; /* something did not fit: the text is not to be used */
    bool comma;    /* the next member or element needs a comma before it */
};

void json_out_init(struct json_out *o, char *buf, size_t size);
void json_out_open(struct json_out *o, char bracket);  /* '{' or '[' */
void json_out_close(struct json_out *o, char bracket); /* '}' or ']' */
void json_out_key(struct json_out *o, const char *key);
/** Text must be UTF-8; quotes, backslashes and control bytes are escaped; a byte that is not UTF-8
 * becomes U+FFFD. */
void json_out_text(struct json_out *o, const char *text);
void json_out_text_n(struct json_out *o, const char *text, size_t len);
/** Whether it would be written as it is. */
bool json_out_is_utf8(const char *text, size_t len);
void json_out_int(struct json_out *o, int64_t v);
/** v thousandths: 1500 is 1.5. */
void json_out_thousandths(struct json_out *o, int64_t v);
void json_out_bool(struct json_out *o, bool v);
void json_out_null(struct json_out *o);
/** A value that is JSON already, as it is. */
void json_out_raw(struct json_out *o, const char *json, size_t len);
/** key and text in one; text NULL writes nothing. */
void json_out_member(struct json_out *o, const char *key, const char *text);
void json_out_member_int(struct json_out *o, const char *key, int64_t v);

#endif
