/*
 * xmltcp_packet - one packet of XML over TCP, as MTN Nigeria's USSD gateway speaks it.
 *
 *   | session, 16 bytes | length, 16 bytes | <USSDRequest><requestId>..</USSDRequest> |
 *
 * Both headers are ASCII behind which NULs fill up; the length counts the headers too.
 * The body is a flat document in Latin-1; a requestId may have NULs behind it.
 *
 * Pure.  What is read is UTF-8 and may hold a PIN: who calls wipes the packet.
 */
#ifndef GATEWAY_CHANNEL_XMLTCP_PACKET_H
#define GATEWAY_CHANNEL_XMLTCP_PACKET_H

#include "lib/buf.h"
#include "ussd/core/hop.h"

#include <stddef.h>
#include <stdint.h>

#define XMLTCP_HEADER       32
#define XMLTCP_PACKET_MAX   8192 /* of theirs; a longer one ends the link */
#define XMLTCP_WRITTEN_MAX  4096 /* of ours */
#define XMLTCP_SESSION_SIZE 17

enum xmltcp_type {
	XMLTCP_OTHER,
	XMLTCP_USSD_REQUEST, /* a hop */
	XMLTCP_USSD_RESPONSE,
	XMLTCP_USSD_ERROR,
	XMLTCP_AUTH_REQUEST,
	XMLTCP_AUTH_RESPONSE,
	XMLTCP_AUTH_ERROR,
	XMLTCP_ENQ_REQUEST,
	XMLTCP_ENQ_RESPONSE,
	XMLTCP_TYPES
};

/* "" where there is none.  Of what comes only the first line and the fields up to text
 * are read; the rest is ours to send. */
struct xmltcp_packet {
	enum xmltcp_type type;
	char session[XMLTCP_SESSION_SIZE];
	char request[36];     /* requestId */
	char msisdn[24];      /* as they write it */
	char star_code[24];   /* "123" of "*123#" */
	char client[36];      /* clientId */
	char message_type[4]; /* msgtype: 1 begins, 4 goes on; 2 asks, 6 is the last */
	char end[4];          /* EndofSession: "0", "1" */
	char error[8];        /* errorCode */
	char text[HOP_INPUT_MAX + 1];              /* userdata */
	const char *user, *password, *application; /* of an AUTHRequest; borrowed */
};

/* Bytes of the packet that begins there: 0 while its headers are not here, -1 if no
 * packet has that length. */
int32_t xmltcp_length(const uint8_t *bytes, size_t n);

enum xmltcp_fault {
	XMLTCP_READ,
	XMLTCP_FAULT_HEADER, /* a session's name that is none */
	XMLTCP_FAULT_XML,    /* no flat document */
	XMLTCP_FAULT_FIELD,  /* one too long, twice, or missing */
	XMLTCP_FAULT_TYPE,   /* a document nobody knows */
};

/* A whole packet.  With a fault, type, session and request are as far as they were
 * read. */
enum xmltcp_fault xmltcp_read(const uint8_t *bytes, size_t n, struct xmltcp_packet *out);
/* Adds the packet; out fails if it does not fit.  text is folded into the phones'
 * alphabet. */
void xmltcp_write(const struct xmltcp_packet *p, struct buf *out);
void xmltcp_wipe(struct xmltcp_packet *p);

/* The hop of a USSDRequest: NULL, or what is wrong with it.  `channel` is static text;
 * the session's text is channel/session; input points into p.  country: whose national
 * numbers are understood, "" none.  service_code is cut off what was dialled. */
const char *xmltcp_hop(const struct xmltcp_packet *p, const char *channel,
                       const char *country, const char *service_code, struct hop *out);

const char *xmltcp_fault_name(enum xmltcp_fault fault); /* "no_xml" */
const char *xmltcp_error_name(const char *code); /* "timer_expired"; "unknown_code" */

#endif
