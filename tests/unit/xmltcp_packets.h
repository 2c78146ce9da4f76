/* Packets as MTN Nigeria's gateway writes them: those of vumi's tests (BSD), typed again.
 */
#ifndef TESTS_UNIT_XMLTCP_PACKETS_H
#define TESTS_UNIT_XMLTCP_PACKETS_H

/* cmocka wants the four first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/channel/xmltcp/packet.h"

#include <stdio.h>
#include <string.h>

/* Headers filled up with `fill`, then the body. */
static inline size_t
frame(uint8_t out[XMLTCP_PACKET_MAX], const char *session, const char *body, int fill)
{
	size_t n = strlen(body);
	char length[24];

	snprintf(length, sizeof length, "%zu", n + XMLTCP_HEADER);
	memset(out, fill, XMLTCP_HEADER);
	memcpy(out, session, strlen(session));
	memcpy(out + 16, length, strlen(length));
	memcpy(out + XMLTCP_HEADER, body, n);
	return n + XMLTCP_HEADER;
}

static inline enum xmltcp_fault
read_text(const char *body, struct xmltcp_packet *p)
{
	uint8_t bytes[XMLTCP_PACKET_MAX];
	size_t n = frame(bytes, "1859877021", body, '\0');

	assert_int_equal(xmltcp_length(bytes, n), n);
	return xmltcp_read(bytes, n, p);
}

#define REQUEST(kind, text, end)                                                         \
	"<USSDRequest><requestId>1291850641</requestId><msisdn>2348135829645</msisdn>"   \
	"<starCode>123</starCode><clientId>0123</clientId><phase>2</phase>"              \
	"<msgtype>" kind "</msgtype><dcs>15</dcs><userdata>" text "</userdata>" end      \
	"</USSDRequest>"
#define ON   "<EndofSession>0</EndofSession>"
#define OVER "<EndofSession>1</EndofSession>"

#endif
