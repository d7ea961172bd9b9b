/* stream_config.c - see stream_config.h. Fields are compared by the texts they are shown as, under
 * the names `nats stream info --json` has for them. */
#include "tool/stream/stream_config.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"

enum { UNLIMITED = -1, VALUE_SIZE = 128 };
static const int64_t NS_PER_S = 1000000000;

void stream_config_apply(jsStreamConfig *config, const struct stream_spec *spec, int replicas)
{
    config->Name = spec->name;
    config->Description = spec->description;
    config->Subjects = (const char **)(void *)&spec->subject;
    config->SubjectsLen = 1;
    config->Retention = js_LimitsPolicy;
    config->Storage = js_FileStorage;
    config->Discard = js_DiscardOld;
    config->Replicas = replicas;
    config->MaxAge = spec->max_age_s * NS_PER_S;
    config->MaxBytes = spec->max_bytes;
    config->Duplicates = spec->duplicates_s * NS_PER_S;
    config->MaxMsgs = UNLIMITED;
    config->MaxMsgsPerSubject = UNLIMITED;
    config->MaxMsgSize = UNLIMITED;
    config->MaxConsumers = UNLIMITED;
    config->NoAck = false; /* an outbox lives by acknowledgements */
    config->Sealed = false;
}

enum kind { SUBJECTS, TEXT, NUMBER, NUMBER_32, SECONDS, SWITCH, CHOICE };

struct field {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *const *choices; /* CHOICE: in the order of libnats' enum */
};

/* In the order of jsRetentionPolicy, jsStorageType and jsDiscardPolicy. */
static const char *const RETENTIONS[] = {"limits", "interest", "workqueue"};
static const char *const STORAGES[] = {"file", "memory"};
static const char *const DISCARDS[] = {"old", "new"};

static const struct field FIELDS[] = {
    {"subjects", SUBJECTS,                0,                  NULL      },
    { "retention",    CHOICE, offsetof(jsStreamConfig,         Retention), RETENTIONS},
    { "storage",    CHOICE, offsetof(jsStreamConfig,           Storage),   STORAGES},
    { "discard",    CHOICE, offsetof(jsStreamConfig,           Discard),   DISCARDS},
    { "replicas",    NUMBER, offsetof(jsStreamConfig,          Replicas),       NULL},
    { "max_age_s",   SECONDS, offsetof(jsStreamConfig,            MaxAge),       NULL},
    { "max_bytes",    NUMBER, offsetof(jsStreamConfig,          MaxBytes),       NULL},
    { "duplicates_s",   SECONDS, offsetof(jsStreamConfig,        Duplicates),       NULL},
    { "max_msgs",    NUMBER, offsetof(jsStreamConfig,           MaxMsgs),       NULL},
    { "max_msgs_per_subject",    NUMBER, offsetof(jsStreamConfig, MaxMsgsPerSubject),       NULL},
    { "max_msg_size", NUMBER_32, offsetof(jsStreamConfig,        MaxMsgSize),       NULL},
    { "max_consumers",    NUMBER, offsetof(jsStreamConfig,      MaxConsumers),       NULL},
    { "no_ack",    SWITCH, offsetof(jsStreamConfig,             NoAck),       NULL},
    { "sealed",    SWITCH, offsetof(jsStreamConfig,            Sealed),       NULL},
    { "description",      TEXT, offsetof(jsStreamConfig,       Description),       NULL},
};

static void show_subjects(const jsStreamConfig *config, char text[VALUE_SIZE])
{
    size_t len = 0;

    for (int i = 0; i < config->SubjectsLen && len < VALUE_SIZE; i++)
        len += (size_t)snprintf(text + len, VALUE_SIZE - len, "%s%s", i ? " " : "",
                                config->Subjects[i]);
}

static void show(const jsStreamConfig *config, const struct field *field, char text[VALUE_SIZE])
{
    const void *at = (const char *)config + field->offset;

    switch (field->kind) {
    case SUBJECTS:
        show_subjects(config, text);
        break;
    case TEXT:
        if (*(const char *const *)at)
            snprintf(text, VALUE_SIZE, "%s", *(const char *const *)at);
        break;
    case NUMBER:
        snprintf(text, VALUE_SIZE, "%lld", (long long)*(const int64_t *)at);
        break;
    case NUMBER_32:
        snprintf(text, VALUE_SIZE, "%d", (int)*(const int32_t *)at);
        break;
    case SECONDS:
        snprintf(text, VALUE_SIZE, "%g", (double)*(const int64_t *)at / (double)NS_PER_S);
        break;
    case SWITCH:
        snprintf(text, VALUE_SIZE, "%s", *(const bool *)at ? "on" : "off");
        break;
    case CHOICE:
        snprintf(text, VALUE_SIZE, "%s", field->choices[*(const unsigned *)at]);
        break;
    }
}

int stream_config_diff(const jsStreamConfig *from, const jsStreamConfig *to, char *text,
                       size_t size)
{
    size_t len = 0;
    int n = 0;

    *text = '\0';
    for (size_t i = 0; i < ARRAY_LEN(FIELDS); i++) {
        char before[VALUE_SIZE] = "", after[VALUE_SIZE] = "";

        show(from, &FIELDS[i], before);
        show(to, &FIELDS[i], after);
        if (strcmp(before, after) == 0)
            continue;
        if (len < size)
            len += (size_t)snprintf(text + len, size - len, "%s%s %s -> %s", n ? ", " : "",
                                    FIELDS[i].name, before, after);
        n++;
    }
    return n;
}
