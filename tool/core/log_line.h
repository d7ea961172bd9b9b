/* log_line.h - one log line as text. */
#ifndef TOOL_CORE_LOG_LINE_H
#define TOOL_CORE_LOG_LINE_H

#include "tool/core/log.h"

/** The service's name in every line; kept by pointer. Any thread. */
void log_line_name(const char *service);
/** Writes the line and its line break, no NUL; values that are too long are cut. Its length. */
size_t log_line(char line[LOG_LINE_MAX], enum log_level level, const char *msg,
                const struct log_field *fields);

#endif
