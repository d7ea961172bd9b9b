/* setting_value.h - settings whose texts are all there. Private to tool/service. */
#ifndef TOOL_SERVICE_SETTING_VALUE_H
#define TOOL_SERVICE_SETTING_VALUE_H

#include "tool/service/setting_load.h"

/** Turns texts and defaults into values of the targets. */
void setting_convert_all(struct setting_load *load);
void setting_print_help(const struct setting_load *load);

#endif
