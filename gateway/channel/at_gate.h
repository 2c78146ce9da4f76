/*
 * at_gate - who may speak to us as Africa's Talking: a known network, a secret path, and
 * if at.certificate says so the right certificate.
 *
 * URLs are BASE, BASE/events, or with at.secret_file BASE/SECRET, BASE/SECRET/events.
 */
#ifndef GATEWAY_CHANNEL_AT_GATE_H
#define GATEWAY_CHANNEL_AT_GATE_H

#include "config/settings.h"
#include "lib/http_server.h"

/* What stands behind BASE and the secret: "" or "events".  NULL after answering 401,
 * 403 or 404; the exchange is then over.  `rest` is http_path_rest of the route "BASE*".
 */
const char *at_admit(const struct settings *s, struct http_exchange *x);

/* The pure part: NULL if the path does not fit.  Compares in constant time. */
const char *at_path_tail(const char *secret, const char *rest);

/* The body, if it is a form; else answers 415 and returns NULL. */
const char *at_form(struct http_exchange *x, size_t *n);

#endif
