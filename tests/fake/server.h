/*
 * server - the scripted http_server: a handler of ours, or of the simulator, answers a
 * call of the scripted http_client without a socket.
 *
 *     script_handle("POST https://provider.test[/]*", serve, world)
 *     serve(arg, call): return fake_serve(routes, call);
 *
 * tests/fake/http_server.c exports the symbols of lib/http_server.h.
 */
#ifndef TESTS_FAKE_SERVER_H
#define TESTS_FAKE_SERVER_H

#include "lib/http_server.h"
#include "tests/fake/script.h"

/* What the route that matches answers within the call: 404 if there is none, silence if
 * the handler drops the exchange or would answer later.  The answer's texts live until
 * the next fake_serve. */
struct answer fake_serve(const struct http_route *routes, const struct script_call *call);

#endif
