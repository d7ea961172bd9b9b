/* http_reader.c - see http_reader.h. The head is read line by line, as soon as each is there. */
#include "tool/http/http_reader.h"

#include <string.h>

#include "tool/core/mem.h"
#include "tool/http/http_bytes.h"
#include "tool/http/http_target.h"

enum { FIELDS_FIRST = 16, WASTE = 128, BODY_FIRST = 1024, VERSION_LEN = 8 };

void http_reader_init(struct http_reader *self)
{
    *self = (struct http_reader){.state = HTTP_READ_HEAD};
}

void http_reader_fini(struct http_reader *self)
{
    free(self->head);
    free(self->fields);
    free(self->body);
}

void http_reader_refuse(struct http_reader *self, int status, const char *why)
{
    self->state = HTTP_READ_REFUSED;
    self->status = status;
    self->why = why;
}

/* A copy of the first len of old bytes in size bytes. */
static void *moved(void *old, size_t len, size_t size)
{
    char *room = mem_alloc(1, size);

    if (len > 0)
        memcpy(room, old, len);
    free(old);
    return room;
}

void http_reader_settle(struct http_reader *self)
{
    if (self->head_len + WASTE < self->head_size)
        self->head = moved(self->head, self->head_len, self->head_size = self->head_len + 1);
    if (self->n_fields + WASTE / sizeof(*self->fields) < self->fields_size) {
        self->fields = moved(self->fields, self->n_fields * sizeof(*self->fields),
                             self->n_fields * sizeof(*self->fields));
        self->fields_size = self->n_fields;
    }
    if (self->body_len + WASTE < self->body_size)
        self->body = moved(self->body, self->body_len, (self->body_size = self->body_len) + 1);
}

/* ---- the head ---- */

/* A row may narrow or widen them, of what is not read yet. */
static void settle_limits(struct http_reader *self, const struct http_bounds *bounds)
{
    const char *target = self->head + self->target, *query = strchr(target, '?');

    self->limits = bounds->limits;
    if (bounds->limits_of)
        bounds->limits_of(bounds->arg, self->head, target, &self->limits);
    if (self->limits.query_max && query && strlen(query + 1) > self->limits.query_max)
        http_reader_refuse(self, 414, "The query is too long.");
    else if (self->head_len > self->limits.head_max)
        http_reader_refuse(self, 431, "The request's head is too large.");
}

/* METHOD SP target SP HTTP/1.x, with a NUL for each of the two blanks. */
static void take_request_line(struct http_reader *self, const struct http_bounds *bounds,
                              char *line, size_t len)
{
    char *target = memchr(line, ' ', len), *version;

    if (len < VERSION_LEN + 1 || !target) {
        http_reader_refuse(self, 400, "The request line is not a method, a target and a version.");
        return;
    }
    version = line + len - VERSION_LEN;
    if (target + 1 >= version || version[-1] != ' ' || memcmp(version, "HTTP/", 5) != 0 ||
        version[5] < '0' || version[5] > '9' || version[6] != '.' || version[7] < '0' ||
        version[7] > '9') {
        http_reader_refuse(self, 400, "The request line is not a method, a target and a version.");
        return;
    }
    *target++ = version[-1] = '\0';
    header_check_begin(&self->check, line, version[7] == '0' ? "HTTP/1.0" : "HTTP/1.1");
    if (version[5] != '1') {
        http_reader_refuse(self, 505, "Speak HTTP/1.1 here.");
        return;
    }
    if (self->check.status) {
        http_reader_refuse(self, self->check.status, self->check.why);
        return;
    }
    target = http_target_read(line, target, (size_t)(version - 1 - target));
    if (!target) {
        http_reader_refuse(self, 400, "The target is not one that a request may have.");
        return;
    }
    self->target = (size_t)(target - self->head);
    settle_limits(self, bounds);
}

static void keep_field(struct http_reader *self, const char *name, const char *value)
{
    if (self->n_fields == self->fields_size) {
        size_t size = self->fields_size ? 2 * self->fields_size : FIELDS_FIRST;

        self->fields = moved(self->fields, self->n_fields * sizeof(*self->fields),
                             size * sizeof(*self->fields));
        self->fields_size = size;
    }
    self->fields[self->n_fields++] = (struct http_field){.name = (uint32_t)(name - self->head),
                                                         .value = (uint32_t)(value - self->head)};
}

static void take_field(struct http_reader *self, char *line, size_t len)
{
    char *colon = memchr(line, ':', len);
    const char *value;
    size_t value_len;

    if (line[0] == ' ' || line[0] == '\t') {
        http_reader_refuse(self, 400, "A header is folded over several lines.");
        return;
    }
    if (!colon) {
        http_reader_refuse(self, 400, "A header has no colon.");
        return;
    }
    if (self->n_fields == HTTP_FIELDS_MAX) {
        http_reader_refuse(self, 431, "There are more than 100 headers.");
        return;
    }
    value_len = len - (size_t)(colon + 1 - line);
    value = http_strip(colon + 1, &value_len);
    header_check_field(&self->check, line, (size_t)(colon - line), value, value_len);
    *colon = '\0';
    self->head[(size_t)(value - self->head) + value_len] = '\0';
    keep_field(self, line, value);
    if (self->check.status)
        http_reader_refuse(self, self->check.status, self->check.why);
}

static void end_head(struct http_reader *self)
{
    if (header_check_end(&self->check) != 0) {
        http_reader_refuse(self, self->check.status, self->check.why);
    } else if (self->check.content_length > self->limits.body_max) {
        http_reader_refuse(self, 413, "The request's body is too large.");
    } else if (self->check.chunked) {
        self->state = HTTP_READ_BODY;
        http_chunks_init(&self->chunks, self->limits.head_max);
    } else {
        self->state = self->check.content_length > 0 ? HTTP_READ_BODY : HTTP_READ_WHOLE;
    }
}

static void end_line(struct http_reader *self, const struct http_bounds *bounds)
{
    char *line = self->head + self->line;
    size_t len = self->head_len - self->line;

    if (len < 2 || line[len - 2] != '\r') {
        http_reader_refuse(self, 400, "A line of the head does not end with CR LF.");
        return;
    }
    len -= 2;
    line[len] = '\0';
    if (self->target && len == 0)
        end_head(self);
    else if (self->target)
        take_field(self, line, len);
    else if (len == 0 && !self->blank_seen) /* RFC 9112 2.2: one before the request is nothing */
        self->blank_seen = true;
    else
        take_request_line(self, bounds, line, len);
    self->line = self->head_len;
    if (self->target == 0 && self->state == HTTP_READ_HEAD)
        self->line = self->head_len = 0;
}

/* For len bytes more, of `here` that have come: most heads come in one piece. */
static bool make_head_room(struct http_reader *self, size_t len, size_t here, size_t head_max)
{
    size_t want = self->head_len + len + 1, size = self->head_size ? 2 * self->head_size : here + 1;

    if (self->head_len + len > head_max) {
        if (self->target)
            http_reader_refuse(self, 431, "The request's head is too large.");
        else
            http_reader_refuse(self, 414, "The request line is too long.");
        return false;
    }
    if (want <= self->head_size)
        return true;
    while (size < want)
        size *= 2;
    self->head = moved(self->head, self->head_len, size > head_max ? head_max + 1 : size);
    self->head_size = size > head_max ? head_max + 1 : size;
    return true;
}

/* What no line may hold is refused before the line is whole: most of what is not HTTP at all. */
static bool is_line_text(struct http_reader *self, const char *bytes, size_t len)
{
    bool after_cr = self->head_len > self->line && self->head[self->head_len - 1] == '\r';

    for (size_t i = after_cr ? 0 : http_clean_len(bytes, len); i < len; i++) {
        if (after_cr ? bytes[i] != '\n'
                     : http_is_control(bytes[i]) && bytes[i] != '\r' && bytes[i] != '\n')
            return false;
        after_cr = bytes[i] == '\r';
    }
    return self->target || self->head_len > 0 || http_is_tchar(bytes[0]) || bytes[0] == '\r' ||
           bytes[0] == '\n';
}

static size_t take_head(struct http_reader *self, const struct http_bounds *bounds,
                        const char *bytes, size_t len)
{
    const char *lf = memchr(bytes, '\n', len);
    size_t taken = lf ? (size_t)(lf - bytes) + 1 : len;

    if (!is_line_text(self, bytes, taken)) {
        http_reader_refuse(self, 400, "The head holds a control character.");
        return taken;
    }
    if (!make_head_room(self, taken, len,
                        self->target ? self->limits.head_max : bounds->limits.head_max))
        return taken;
    memcpy(self->head + self->head_len, bytes, taken);
    self->head_len += taken;
    if (lf)
        end_line(self, bounds);
    return taken;
}

/* ---- the body ---- */

/* Grows with what comes, not with what is promised. */
static void keep_body(struct http_reader *self, const char *bytes, size_t len)
{
    size_t want = self->body_len + len, size = self->body_size ? self->body_size : BODY_FIRST;

    while (size < want)
        size *= 2;
    if (self->check.content_length > 0 && size > self->check.content_length)
        size = (size_t)self->check.content_length;
    if (size > self->body_size) {
        self->body = moved(self->body, self->body_len, size + 1);
        self->body_size = size;
    }
    memcpy(self->body + self->body_len, bytes, len);
    self->body_len = want;
    self->body[want] = '\0';
}

static size_t take_length(struct http_reader *self, const char *bytes, size_t len)
{
    size_t left = (size_t)self->check.content_length - self->body_len;

    if (len > left)
        len = left;
    keep_body(self, bytes, len);
    if (len == left)
        self->state = HTTP_READ_WHOLE;
    return len;
}

static size_t take_chunks(struct http_reader *self, const char *bytes, size_t len)
{
    size_t n_data, taken = http_chunks_take(&self->chunks, bytes, len, &n_data);

    if (self->chunks.status)
        http_reader_refuse(self, self->chunks.status, self->chunks.why);
    else if (n_data + self->chunks.left > self->limits.body_max - self->body_len)
        http_reader_refuse(self, 413, "The request's body is too large.");
    else if (n_data > 0)
        keep_body(self, bytes + taken - n_data, n_data);
    else if (self->chunks.ended)
        self->state = HTTP_READ_WHOLE;
    return taken;
}

size_t http_reader_take(struct http_reader *self, const struct http_bounds *bounds,
                        const char *bytes, size_t len)
{
    size_t taken = 0;

    while (taken < len && self->state == HTTP_READ_HEAD)
        taken += take_head(self, bounds, bytes + taken, len - taken);
    while (taken < len && self->state == HTTP_READ_BODY)
        taken += self->check.chunked ? take_chunks(self, bytes + taken, len - taken)
                                     : take_length(self, bytes + taken, len - taken);
    return taken;
}
