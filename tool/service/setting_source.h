/* setting_source.h - where settings come from, to be read in this order: weakest first. Private to
 * tool/service. */
#ifndef TOOL_SERVICE_SETTING_SOURCE_H
#define TOOL_SERVICE_SETTING_SOURCE_H

#include "tool/service/setting_load.h"

/** --help, --config and the like, which are none. */
void setting_read_flags(struct setting_load *load, int argc, char **argv);
void setting_read_conf(struct setting_load *load);
void setting_read_environment(struct setting_load *load, char **environment);
void setting_read_arguments(struct setting_load *load, int argc, char **argv);

#endif
