/* value.h - a column's value as the database has it: what the implementations of a store bind and
 * compare. Private to tool/store. */
#ifndef TOOL_STORE_VALUE_H
#define TOOL_STORE_VALUE_H

#include "tool/store/table.h"

enum value_kind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_UUID, VALUE_TIME, VALUE_DATE };

/* text may point into formed: not to be copied. */
struct value {
    enum value_kind kind;
    int64_t num;
    const char *text;
    struct uuid id;
    char formed[TABLE_FORM_MAX]; /* of a derived column */
};

/** What row has in that column. v's texts live as long as row and v. */
void value_of_row(const struct column *c, const void *row, struct value *v);
/** key points to a value of the member's type (char * for a text); NULL = NULL. */
void value_of_key(const struct column *c, const void *key, struct value *v);
/** Below, equal to or above 0, in the database's order: NULL first; of texts the bytes decide, and
 * blanks at the end do not count. */
int value_compare(const struct value *a, const struct value *b);
/** Whether the column takes it: a text not too long, a time of the years 1 to 9999, NULL or not. */
bool value_fits(const struct column *c, const struct value *v);
/** A bound to compare with: a time that no column has becomes the nearest that one may have. */
void value_bound(struct value *v);

#endif
