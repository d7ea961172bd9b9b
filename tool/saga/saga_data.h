/* saga_data.h - what the steps of a job need, as they see it and as its row keeps it. Private to
 * tool/saga. */
#ifndef TOOL_SAGA_SAGA_DATA_H
#define TOOL_SAGA_SAGA_DATA_H

#include "tool/saga/saga_job.h"

size_t saga_data_size(const struct saga_type *type);
/** Reads record.data. False: it is not what the steps need. */
bool saga_data_read(struct saga_job *job);
/** Writes what the steps have changed, if anything, into record. ST_OK | ST_INTERNAL (it is too
 * long now; logged) */
enum status saga_data_write(const struct saga_job *job, struct saga_record *record);
/** record.data says what data does. */
void saga_data_recorded(struct saga_job *job);
/** Data as record.data says: what a step that failed has changed is forgotten. */
void saga_data_forget(struct saga_job *job);

#endif
