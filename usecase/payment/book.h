/* book.h - the provider's own book beside ours: each of its entries is one operation of ours, as it
 * is here, and each of ours is in it. */
#ifndef USECASE_PAYMENT_BOOK_H
#define USECASE_PAYMENT_BOOK_H

#include "tool/job/job.h"
#include "usecase/payment/payment_case.h"

/** A job of one instance; self: struct payment_case. Goes on where it was left, which is kept at
 * the barrier; when that has been forgotten the whole book is compared again. What is different is
 * written into book_difference, for people. ST_OK (to the end) | ST_PENDING (there is more) |
 * ST_UNAVAILABLE ... */
enum status book_compare(void *self, const struct job_run *run);

#endif
