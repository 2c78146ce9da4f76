/*
 * http_fate - what curl's word about a transfer means for the thing asked.
 *
 * Pure.  Whether the request had begun to leave decides the fate; the code of curl only
 * names the error.
 */
#ifndef LIB_HTTP_FATE_H
#define LIB_HTTP_FATE_H

#include "lib/err.h"

#include <stdbool.h>

/* code: a CURLcode.  sent: a connection stood and the request began to leave. */
struct err http_fate(int code, bool sent);

#endif
