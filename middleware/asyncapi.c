/* asyncapi.c - see asyncapi.h. */
#include "middleware/asyncapi.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/json_text.h"
#include "tool/encoder/schema.h"

enum { DOCUMENT_MAX = 4 * 1024 * 1024, REF_MAX = 127 };

/* Everything that is the same whatever the types are: CloudEvents 1.0, binary mode of the NATS
 * binding. */
static const char HEADERS[] =
    "{\"description\":\"What every event carries: CloudEvents 1.0 in the binary mode of the NATS "
    "binding, and what NATS and traces want.\",\"type\":\"object\",\"properties\":{"
    "\"ce-specversion\":{\"type\":\"string\",\"const\":\"1.0\"},"
    "\"ce-id\":{\"description\":\"Whoever has handled it has handled it, however often it comes."
    "\",\"type\":\"string\",\"format\":\"uuid\"},"
    "\"ce-source\":{\"description\":\"The service: /hanok/auth ...\",\"type\":\"string\","
    "\"format\":\"uri-reference\"},"
    "\"ce-type\":{\"description\":\"The name of its type.\",\"type\":\"string\"},"
    "\"ce-time\":{\"description\":\"When it happened.\",\"type\":\"string\","
    "\"format\":\"date-time\"},"
    "\"ce-subject\":{\"description\":\"What it is about: the same as ce-partitionkey.\","
    "\"type\":\"string\"},"
    "\"ce-partitionkey\":{\"description\":\"Events of one key are in order.\",\"type\":\"string\","
    "\"format\":\"uuid\"},"
    "\"traceparent\":{\"description\":\"The trace of the request that made it happen (W3C)."
    "\",\"type\":\"string\"},"
    "\"Nats-Msg-Id\":{\"description\":\"The same as ce-id: by it the stream drops doubles.\","
    "\"type\":\"string\",\"format\":\"uuid\"},"
    "\"Content-Type\":{\"type\":\"string\",\"const\":\"application/json\"}},"
    "\"required\":[\"ce-specversion\",\"ce-id\",\"ce-source\",\"ce-type\",\"ce-time\","
    "\"ce-partitionkey\"]}";

static void open_member(struct json_out *o, const char *key)
{
    json_out_key(o, key);
    json_out_open(o, '{');
}

static void write_ref(const char *where, const char *name, struct json_out *o)
{
    char ref[REF_MAX + 1];
    int n = snprintf(ref, sizeof(ref), "#/%s/%s", where, name);

    ASSERT(n > 0 && n <= REF_MAX);
    json_out_open(o, '{');
    json_out_member(o, "$ref", ref);
    json_out_close(o, '}');
}

static void write_info(const char *version, struct json_out *o)
{
    open_member(o, "info");
    json_out_member(o, "title", "Hanok");
    json_out_member(o, "version", version);
    json_out_member(o, "description",
                    "What has happened, said by the service that made it happen, in JetStream's "
                    "stream EVENTS: at least once, those of one key in order. A later version may "
                    "add members to the data of an event; none changes its meaning.");
    open_member(o, "license");
    json_out_member(o, "name", "Apache-2.0");
    json_out_close(o, '}');
    json_out_close(o, '}');
}

/* "auth" of "auth.account_created". */
static void write_tags(const struct event_type *type, struct json_out *o)
{
    json_out_key(o, "tags");
    json_out_open(o, '[');
    json_out_open(o, '{');
    json_out_key(o, "name");
    json_out_text_n(o, type->name, strcspn(type->name, "."));
    json_out_close(o, '}');
    json_out_close(o, ']');
}

static void write_channel(const struct event_type *type, struct json_out *o)
{
    char address[REF_MAX + 1];

    snprintf(address, sizeof(address), "event.%s.{partition}", type->name);
    open_member(o, type->name);
    json_out_member(o, "address", address);
    json_out_member(o, "summary", type->summary);
    open_member(o, "messages");
    json_out_key(o, type->name);
    write_ref("components/messages", type->name, o);
    json_out_close(o, '}');
    open_member(o, "parameters");
    json_out_key(o, "partition");
    write_ref("components/parameters", "partition", o);
    json_out_close(o, '}');
    json_out_close(o, '}');
}

static void write_operation(const struct event_type *type, struct json_out *o)
{
    open_member(o, type->name);
    json_out_member(o, "action", "send");
    json_out_member(o, "summary", type->summary);
    json_out_key(o, "channel");
    write_ref("channels", type->name, o);
    write_tags(type, o);
    json_out_close(o, '}');
}

static void write_message(const struct event_type *type, struct json_out *o)
{
    open_member(o, type->name);
    json_out_member(o, "name", type->name);
    json_out_member(o, "summary", type->summary);
    json_out_member(o, "contentType", "application/json");
    open_member(o, "headers");
    json_out_member(o, "type", "object");
    json_out_key(o, "allOf");
    json_out_open(o, '[');
    write_ref("components/schemas", "EventHeaders", o);
    json_out_open(o, '{');
    open_member(o, "properties");
    open_member(o, "ce-type");
    json_out_member(o, "const", type->name);
    json_out_close(o, '}');
    json_out_close(o, '}');
    json_out_close(o, '}');
    json_out_close(o, ']');
    json_out_close(o, '}');
    json_out_key(o, "payload");
    write_ref("components/schemas", type->data->name, o);
    json_out_close(o, '}');
}

static void write_schemas(asyncapi_type_fn type, struct json_out *o)
{
    open_member(o, "schemas");
    json_out_key(o, "EventHeaders");
    json_out_raw(o, HEADERS, strlen(HEADERS));
    for (size_t i = 0; type(i); i++) {
        const struct descriptor *data = type(i)->data;
        size_t before = 0;

        while (strcmp(type(before)->data->name, data->name) != 0)
            before++;
        if (before < i)
            continue;
        json_out_key(o, data->name);
        encode_schema_as(data, 0, o);
    }
    json_out_close(o, '}');
}

static void write_parameters(struct json_out *o)
{
    char number[4];

    open_member(o, "parameters");
    open_member(o, "partition");
    json_out_member(o, "description",
                    "FNV-1a (32 bits) of the key's text, modulo the number of partitions.");
    json_out_key(o, "enum");
    json_out_open(o, '[');
    for (unsigned i = 0; i < EVENT_PARTITIONS; i++) {
        snprintf(number, sizeof(number), "%02u", i % 100);
        json_out_text(o, number);
    }
    json_out_close(o, ']');
    json_out_close(o, '}');
    json_out_close(o, '}');
}

struct document {
    asyncapi_type_fn type;
    const char *version;
};

static void write_each(const char *key, asyncapi_type_fn type,
                       void (*write)(const struct event_type *, struct json_out *),
                       struct json_out *o)
{
    open_member(o, key);
    for (size_t i = 0; type(i); i++)
        write(type(i), o);
    json_out_close(o, '}');
}

static void write_document(const void *arg, struct json_out *o)
{
    const struct document *document = arg;

    json_out_open(o, '{');
    json_out_member(o, "asyncapi", "3.0.0");
    write_info(document->version, o);
    json_out_member(o, "defaultContentType", "application/json");
    write_each("channels", document->type, write_channel, o);
    write_each("operations", document->type, write_operation, o);
    open_member(o, "components");
    write_each("messages", document->type, write_message, o);
    write_schemas(document->type, o);
    write_parameters(o);
    json_out_close(o, '}');
    json_out_close(o, '}');
}

char *asyncapi_build(asyncapi_type_fn type, const char *version, size_t *len)
{
    const struct document document = {type, version};
    struct json_text text;

    ASSERT(json_text_write(&text, NULL, 0, DOCUMENT_MAX, write_document, &document));
    *len = text.len;
    return text.heap;
}
