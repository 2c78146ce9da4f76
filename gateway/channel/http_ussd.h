/*
 * http_ussd - USSD over HTTP in anybody's dialect: a row says where everything stands in
 * the request and how the screen goes back; one adapter reads all rows.
 *
 *   /ussd/NAME[/SECRET][/PATH]   NAME is that of an entry in `ussd_http`
 *
 * An entry takes a row of http_ussd_table.c by its `dialect` and changes what differs, or
 * writes a whole row; so an aggregator of a known shape needs settings and no code.
 *
 * The input may be a PIN.  It goes to the dialog and nowhere else, and our copy of it is
 * wiped; a URL that holds one is never logged.
 */
#ifndef GATEWAY_CHANNEL_HTTP_USSD_H
#define GATEWAY_CHANNEL_HTTP_USSD_H

#include "config/settings.h"
#include "gateway/channel/hop_memory.h"
#include "lib/http_server.h"
#include "lib/loop.h"
#include "ussd/core/hop.h"

#include <stdint.h>

#define HTTP_USSD_BODY_MAX 8192

/* All text, as in the settings; "" where a dialect has no such thing.  Names of fields:
 * "header:NAME" of a header, of a form or query as they are, of JSON "a.b", of XML
 * "element" or "element@attribute", of XML-RPC a struct's member.  "NAME#2" is the second
 * of its words.  '|' parts alternatives, of which the first that is there counts. */
struct http_ussd_row {
	const char *name;
	const char *method; /* "GET|POST"                                          */
	const char *body;   /* "form" (or query), "json", "xml", "xmlrpc"          */
	const char *path;   /* behind NAME: "session/{session}/{kind}"             */
	/* fields */
	const char *session, *msisdn, *code, *input, *network, *hop_id;
	const char *kind; /* tells begin from the rest; "<>": an element's name     */
	/* its words, by '|'; "word*" stands for all that begin so; "*": any other */
	const char *begin, *go_on, *end, *abort, *timeout;
	const char *abort_if; /* field: there, and not "0", "null", "false": hung up */
	/* how a begin is known without `kind`: "empty" input, "code": the input is the
	 * dialled code, "session": by its id alone */
	const char *starts;
	/* "last": only the last input; "all": all so far, by '*'; "code": the same
	 * behind the dialled code */
	const char *typed;
	/* the answer: templates with {{text}} {{more}} {{session}} {{msisdn}} {{code}}
	 * {{url}}, {{dcs}} (how the text is coded: "15", or "72" for UCS-2) and
	 * {{=FIELD}}, which is a field of the request */
	const char *type; /* content type; the fields are escaped for it           */
	const char *reply;
	const char *reply_end;  /* of a last screen; "": reply                          */
	const char *reply_over; /* to a notice that it is over; "": an empty body       */
	const char *more, *stop; /* what {{more}} says                          */
	const char *header;      /* template "Name: value"                              */
	const char *newline;     /* what a screen has between lines; "": a newline      */
	const char *forbidden;   /* characters a screen may not have; a space instead   */
	/* credentials in the request */
	const char *user_field, *password_field;
	/* The screen is no answer but a request of ours (to the entry's send_url): theirs
	 * is answered at once with reply_over.  expects: what they then say if they took
	 * it, "" any 2xx.  Templates may have {{user}} and {{password}}. */
	bool posts;
	const char *expects, *user, *password;
};

extern const struct http_ussd_row http_ussd_rows[]; /* ends with a NULL name */
const struct http_ussd_row *http_ussd_row(const char *name);

/* The row of an entry: that of its dialect, with what the entry changes.  What is wrong
 * with it, or NULL.  Borrows from both. */
const char *http_ussd_resolve(const struct settings_ussd_http *entry,
                              struct http_ussd_row *out);

/* ---- pure: reading and writing ---- */

struct http_ussd_request {
	const char *method;
	const char *path; /* behind the secret, without the '/' */
	const char *query;
	const char *body;
	size_t n;
	const char *country; /* whose national numbers are understood; "" none */
	/* What people dial to reach us: cut off what they dialled, and the service code
	 * where the request has none. */
	const char *code;
	/* A header's value or NULL; NULL where there are none. */
	const char *(*header)(const void *arg, const char *name);
	const void *header_arg;
};

/* A hop with the storage its input points into. */
struct http_ussd_hop {
	struct hop hop;
	char text[HOP_INPUT_MAX + 1];
};

/* NULL, or what is wrong with the request in words for its sender. */
const char *http_ussd_read(const struct http_ussd_row *row,
                           const struct http_ussd_request *rq, struct http_ussd_hop *out);
void http_ussd_wipe(struct http_ussd_hop *h);

enum http_ussd_said { USSD_MORE, USSD_LAST, USSD_OVER };

struct http_ussd_screen {
	const char *text;
	enum http_ussd_said said;
	const char *session, *msisdn, *code; /* of the hop */
	const char *url;                     /* ours */
	/* The fields that the templates echo: http_ussd_keep made them. */
	const char *kept;
};

/* The fields of the request that the templates want to say again: "NAME=VALUE" lines. */
struct buf;
void http_ussd_keep(const struct http_ussd_row *row, const struct http_ussd_request *rq,
                    struct buf *kept);
/* Any of the three templates, filled in.  The header is "" where there is none. */
void http_ussd_write(const struct http_ussd_row *row, const struct http_ussd_screen *s,
                     struct buf *body, struct buf *header);

/* One field of a request, by its name in the row.  The length, -1 if absent, -2 if
 * malformed. */
long http_ussd_field(const struct http_ussd_row *row, const struct http_ussd_request *rq,
                     const char *names, char *out, size_t cap);

/* ---- on the server ---- */

struct dialog;
struct http_client;

struct http_ussd_counts {
	uint64_t hops, events, refused, gone; /* events: notices that it is over */
	uint64_t unsent;                      /* screens posted and not taken */
};

struct http_ussd {
	const struct settings *settings;
	struct dialog *dialog;
	struct loop *loop;
	struct hop_memory *memory;
	struct http_client *http;                          /* for dialects that post */
	struct http_ussd_row rows[SETTINGS_USSD_HTTP_MAX]; /* of the entries */
	struct http_ussd_counts counts[SETTINGS_USSD_HTTP_MAX];
};

/* Posts a screen and forgets it: a lost one is counted and logged, and the member dials
 * again.  Copies all but row and counts, which outlive the client. */
void http_ussd_post(struct http_client *http, const char *url,
                    const struct http_ussd_row *row, const struct http_ussd_screen *s,
                    struct http_ussd_counts *counts);

/* Resolves the rows.  NULL, or what is wrong with which entry, in *name. */
const char *http_ussd_init(struct http_ussd *u, const char **name);
/* Any method at /ussd/NAME and below. */
void http_ussd_handle(void *http_ussd, struct http_exchange *x);

#endif
