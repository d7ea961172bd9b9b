/* patch_sample_test.h - a message that tells zero, null and nothing apart, and its merge patch, for
 * the tests and fuzz targets here. */
#ifndef TOOL_ENCODER_PATCH_SAMPLE_TEST_H
#define TOOL_ENCODER_PATCH_SAMPLE_TEST_H

#include "tool/core/uuid.h"
#include "tool/encoder/descriptor.h"

#define ID "\"id\":\"0197f3a0-1234-7abc-8def-0123456789ab\""

struct label {
    char name[16], note[16];
};

struct size {
    int64_t width, height;
    struct given given;
};

struct item {
    struct uuid id;
    struct label label; /* inline */
    int64_t price, stock;
    bool active;
    int colour;
    struct size size;
    int64_t version;
    struct given given;
};

struct item_patch {
    struct uuid id;
    struct given given;
    struct label label; /* inline */
    bool active;
    int64_t stock;
    int64_t price;
    int colour;
    struct size size;
};

static const char *const COLOURS[] = {"red", "green", NULL};

static const struct field LABEL_FIELDS[] = {
    FIELD(struct label, name, "name", FIELD_TEXT, FIELD_REQUIRED, .doc = "What it is called."),
    FIELD(struct label, note, "note", FIELD_TEXT, FIELD_NULLABLE, .doc = "Anything."),
};
static const struct descriptor LABEL =
    DESCRIPTOR(struct label, "Label", LABEL_FIELDS, "What is on it.");

static const struct field SIZE_FIELDS[] = {
    FIELD(struct size, width, "width", FIELD_INT, FIELD_REQUIRED, .doc = "In cm."),
    FIELD(struct size, height, "height", FIELD_INT, FIELD_NULLABLE, .doc = "In cm."),
};
static const struct descriptor SIZE = DESCRIPTOR(struct size, "Size", SIZE_FIELDS, "How large.",
                                                 .given = offsetof(struct size, given));
static const struct descriptor SIZE_PATCH =
    PATCH_OF(struct size, "SizePatch", SIZE_FIELDS, "How large now.");

static const struct field ITEM_FIELDS[] = {
    FIELD(struct item, id, "id", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Which."),
    FIELD(struct item, label, "", FIELD_INLINE, 0, .item = &LABEL),
    FIELD(struct item, price, "price", FIELD_INT, 0, .doc = "What it costs."),
    FIELD(struct item, stock, "stock", FIELD_INT, FIELD_NULLABLE, .doc = "null: any number."),
    FIELD(struct item, active, "active", FIELD_BOOL, 0, .doc = "On sale."),
    FIELD(struct item, colour, "colour", FIELD_ENUM, FIELD_NULLABLE, .names = COLOURS),
    FIELD(struct item, size, "size", FIELD_OBJECT, 0, .item = &SIZE),
};
static const struct descriptor ITEM =
    DESCRIPTOR(struct item, "Item", ITEM_FIELDS, "A thing.", .given = offsetof(struct item, given));

static const struct field PATCH_FIELDS[] = {
    FIELD(struct item_patch, id, "id", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Which."),
    FIELD(struct item_patch, active, "active", FIELD_BOOL, 0, .doc = "On sale."),
    FIELD(struct item_patch, stock, "stock", FIELD_INT, FIELD_NULLABLE, .doc = "null: any number."),
    FIELD(struct item_patch, price, "price", FIELD_INT, 0, .doc = "What it costs."),
    FIELD(struct item_patch, label, "", FIELD_INLINE, 0, .item = &LABEL),
    FIELD(struct item_patch, colour, "colour", FIELD_ENUM, FIELD_NULLABLE, .names = COLOURS),
    FIELD(struct item_patch, size, "size", FIELD_OBJECT, 0, .item = &SIZE_PATCH),
};
static const struct descriptor PATCH =
    PATCH_OF(struct item_patch, "ItemPatch", PATCH_FIELDS, "What is to be different.");

#endif
