/* routes - everything this program answers to. */
#include "gateway/gateway.h"

static void
add(struct gateway *g, unsigned *n, struct http_route route)
{
	if (*n + 1 < ROUTES_MAX)
		g->routes[(*n)++] = route;
}

void
gateway_routes(struct gateway *g)
{
	unsigned n = 0;

	add(g, &n, (struct http_route){ "GET", "/healthz", 0, health_live, g });
	add(g, &n, (struct http_route){ "GET", "/readyz", 0, health_ready, g });
	add(g, &n, (struct http_route){ "GET", "/version", 0, health_version, g });
	add(g, &n, (struct http_route){ "GET", "/metrics", 0, health_metrics, g });
}
