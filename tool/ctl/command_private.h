/* command_private.h - what command*.c share. */
#ifndef TOOL_CTL_COMMAND_PRIVATE_H
#define TOOL_CTL_COMMAND_PRIVATE_H

#include "tool/ctl/command.h"

/** Sets the row's member of options; text NULL of a flag. False: it is none. */
bool command_set_value(const struct option_row *row, const char *text, void *options);
/** Ends a line with what would be right. */
void command_say_right(const struct option_row *row, FILE *err);

#endif
