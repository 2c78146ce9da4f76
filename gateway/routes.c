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

	add(g, &n,
	    (struct http_route){ "POST", "/ussd/at*", AT_BODY_MAX, at_ussd_handle,
	                         &g->at_ussd });
	if (g->settings.ussd_http_count > 0)
		add(g, &n,
		    (struct http_route){ "*", "/ussd/*", HTTP_USSD_BODY_MAX,
		                         http_ussd_handle, &g->http_ussd });
	add(g, &n,
	    (struct http_route){ "POST", "/sms/at*", AT_BODY_MAX, at_sms_handle,
	                         &g->at_sms });
	if (g->settings.carrier_count > 0)
		add(g, &n,
		    (struct http_route){ "*", "/sms/*", HTTP_SMS_IN_BODY_MAX,
		                         http_sms_in_handle, &g->http_sms_in });
	add(g, &n,
	    (struct http_route){ "PUT", "/callback/*", CALLBACK_BODY_MAX, callback_handle,
	                         &g->callback });
	add(g, &n,
	    (struct http_route){ "POST", "/callback/*", CALLBACK_BODY_MAX,
	                         callback_handle, &g->callback });
	add(g, &n,
	    (struct http_route){ "POST", "/received/*", RECEIVED_BODY_MAX,
	                         received_handle, &g->received });
	add(g, &n,
	    (struct http_route){ "POST", "/paybill/*", PAYBILL_BODY_MAX, paybill_handle,
	                         &g->paybill });
	add(g, &n,
	    (struct http_route){ "GET", "/r/*", 0, receipt_page_handle,
	                         &g->receipt_page });
	add(g, &n,
	    (struct http_route){ "GET", "/adit.css", 0, receipt_page_css,
	                         &g->receipt_page });
	add(g, &n, (struct http_route){ "GET", "/healthz", 0, health_live, g });
	add(g, &n, (struct http_route){ "GET", "/readyz", 0, health_ready, g });
	add(g, &n, (struct http_route){ "GET", "/version", 0, health_version, g });
	add(g, &n, (struct http_route){ "GET", "/metrics", 0, health_metrics, g });
	add(g, &n, (struct http_route){ "GET", "/admin/config", 0, health_config, g });
	add(g, &n, (struct http_route){ "GET", "/admin/routes/*", 0, health_routes, g });
	add(g, &n, (struct http_route){ "GET", "/admin/channels", 0, channels_list, g });
	add(g, &n,
	    (struct http_route){ "POST", "/admin/channels/*", 16, channels_tell, g });
}
