/*
 * log - events, not prose: `time level ref event key=value ...` on standard error.
 *
 * The layer that decides writes the event, once; lib/ and core/ return errors instead.
 * The reference comes first: a payment, session or request id that a person can quote.
 * Phone numbers go through msisdn_mask(), PINs never get here.
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <stddef.h>

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

void log_set_level(enum log_level level);
void log_set_json(int on); /* one JSON object a line instead of logfmt */
enum log_level log_level_get(void);

/* `pairs` is a printf format of key=value pairs; quote values with spaces yourself ("%s"
 * in quotes).  Control characters in the result are replaced, lines are cut at 2,000
 * bytes. */
void log_event(enum log_level level, const char *ref, const char *event,
               const char *pairs, ...) __attribute__((format(printf, 4, 5)));

#define log_debug(...) log_event(LOG_LEVEL_DEBUG, __VA_ARGS__)
#define log_info(...)  log_event(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_warn(...)  log_event(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_error(...) log_event(LOG_LEVEL_ERROR, __VA_ARGS__)

/* Tests may catch the lines; NULL restores standard error. */
void log_set_sink(void (*sink)(void *arg, const char *line), void *arg);

#endif
