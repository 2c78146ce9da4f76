/*
 * gateway - the running program: everything wired together, and who may see it.
 *
 * serve.c builds and ends it, reload.c answers SIGHUP, routes.c lists what it answers to,
 * health.c and metrics.c say how it is.
 */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "config/settings.h"
#include "gateway/channel/at_send.h"
#include "gateway/channel/at_sms.h"
#include "gateway/channel/at_ussd.h"
#include "gateway/channel/http_sms_in.h"
#include "gateway/channel/http_ussd.h"
#include "gateway/channel/xmltcp/link.h"
#include "gateway/menus.h"
#include "gateway/receipt_page.h"
#include "gateway/sms_out.h"
#include "gateway/sms_routes.h"
#include "gateway/webhook/callback.h"
#include "gateway/webhook/paybill.h"
#include "gateway/webhook/received.h"
#include "lib/http_client.h"
#include "lib/http_server.h"
#include "lib/ids.h"
#include "lib/loop.h"
#include "lib/pg.h"
#include "lib/pinhash.h"
#include "lib/redis.h"
#include "payments/flow/env.h"
#include "payments/flow/outbox.h"
#include "payments/flow/rails.h"
#include "payments/flow/settle.h"

#include <stdbool.h>

#define ROUTES_MAX  24
#define HEADERS_MAX 16384 /* bytes of a request's headers */

struct evening;
struct expire;

struct gateway {
	const char *config_path;
	struct settings settings;
	struct clock clock;
	struct ids ids;
	struct loop *loop;
	struct pg *reads;  /* everything but the ledger writer */
	struct pg *writes; /* the ledger writer's two */
	struct redis *redis;
	struct http_client *http;
	struct pinhash *pinhash;
	struct settle *settle;
	struct expire *expire;
	struct evening *evening;
	struct refund_run *refunds;
	struct batches *batches;
	struct bulks *bulks;
	struct http_server *server;
	struct http_tls *tls;           /* NULL: no second listener */
	struct http_server *tls_server; /* the same routes */
	unsigned servers_left;          /* that still answer, while draining */
	struct flow_env env;
	struct menus menus, menus_before;
	struct dialog *dialog;
	struct sms_dialog *sms_dialog;

	struct at_ussd at_ussd;
	struct http_ussd http_ussd;
	struct hop_memory hop_memory;
	struct http_sms_in http_sms_in;
	struct at_sms at_sms;
	struct at_send at_send;
	struct sms_out sms_out;
	unsigned smpp_count;
	struct smpp_carrier *smpp[SETTINGS_SMPP_MAX]; /* as in the settings */
	unsigned xmltcp_count;
	struct xmltcp_link *xmltcp[SETTINGS_XMLTCP_MAX]; /* as in the settings */
	struct sms_routes sms_routes;
	struct rails *rails;
	struct outbox *outbox;
	struct callback callback;
	struct received received;
	struct paybill paybill;
	struct receipt_page receipt_page;
	struct http_route routes[ROUTES_MAX];

	struct {
		bool ok;       /* the last SIGHUP was taken */
		int64_t at_ms; /* wall time of it, 0 = never  */
		unsigned done, refused;
		char fault[480]; /* the first fault of a refused one */
	} reload;

	bool draining;
	struct timer *drain_timer;
	unsigned carriers_left; /* operators' links that have not ended yet */
	loop_cb *carriers_drained;
	int status; /* of the process */
};

/* Runs until SIGTERM or SIGINT.  The exit status. */
int gateway_serve(const char *config_path);

/* tls.c: new, or known with the files read again; NULL with *err set, known is then as it
 * was. */
struct http_tls;
struct http_tls *gateway_tls(const struct settings *s, struct http_tls *known,
                             struct err *err);
/* After gateway_routes.  0 also where no second listener is wanted. */
int gateway_listen_tls(struct gateway *g);

void gateway_routes(struct gateway *g); /* fills g->routes */
void gateway_reload(void *gateway);     /* a loop_cb, for SIGHUP */

/* Menus, dialogs, channels, providers: talk.c. */
int talk_start(struct gateway *g); /* 0, or -1 after printing the faults */
void talk_set_menus(struct gateway *g, struct menus *fresh); /* takes them */
/* Nobody waits for answers to the sessions we opened: the SMS go. */
void talk_end_pushes(struct gateway *g);
/* What was handed to operators is answered, and the binds end; cb(g) then. */
void talk_drain(struct gateway *g, loop_cb *cb);
void talk_end(struct gateway *g);

/* Handlers of health.c and metrics.c. */
void health_live(void *gateway, struct http_exchange *x);
void health_ready(void *gateway, struct http_exchange *x);
void health_version(void *gateway, struct http_exchange *x);
void health_config(void *gateway, struct http_exchange *x);
void health_routes(void *gateway, struct http_exchange *x);
void health_metrics(void *gateway, struct http_exchange *x);
/* channels_page.c */
void channels_list(void *gateway, struct http_exchange *x);
void channels_tell(void *gateway, struct http_exchange *x);
/* channels_metrics.c: into the text of health_metrics. */
struct buf;
void channels_metrics(const struct gateway *g, struct buf *b);

#endif
