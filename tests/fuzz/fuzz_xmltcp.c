/* Any bytes as a stream of packets: each is read within its bytes, a session takes it
 * whatever it is, and what it says can be read as packets again. */
#include "gateway/channel/xmltcp/session.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static bool
is_text(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

static void
start(struct xmltcp_session *s, int64_t now)
{
	static const struct xmltcp_session_options o = {
		.name = "fuzz",
		.user = "id",
		.password = "word",
		.application = "1",
		.country = "NG",
		.service_code = "*123#",
		.goodbye = "Bye",
		.connect_ms = 1000,
		.enquire_ms = 1000,
		.response_ms = 1000,
		.seed = 7,
	};
	struct xmltcp_packet p = { .type = XMLTCP_AUTH_RESPONSE };
	struct xmltcp_arrival a;
	struct xmltcp_action act;
	char room[64];
	struct buf b;

	buf_init(&b, room, sizeof room);
	xmltcp_session_init(s, &o, now);
	check(xmltcp_session_next(s, now, &act) && act.act == XMLTCP_ACT_CONNECT);
	xmltcp_session_connected(s, now);
	check(xmltcp_session_next(s, now, &act) && act.act == XMLTCP_ACT_WRITE);
	xmltcp_session_take(s, &p, XMLTCP_READ, now, &a, &b);
	check(s->where == XMLTCP_UP);
}

static void
check_said(const struct buf *b)
{
	static struct xmltcp_packet p;
	const uint8_t *at = (const uint8_t *)b->at;
	size_t n = b->len;

	check(buf_ok(b));
	while (n > 0) {
		int32_t length = xmltcp_length(at, n);

		check(length > 0 && (size_t)length <= n);
		check(xmltcp_read(at, (size_t)length, &p) == XMLTCP_READ);
		at += length;
		n -= (size_t)length;
	}
}

/* One packet, then everything the session wants. */
static void
feed(struct xmltcp_session *s, const struct xmltcp_packet *p, enum xmltcp_fault fault,
     int64_t now)
{
	char room[XMLTCP_WRITTEN_MAX];
	struct xmltcp_arrival a;
	struct xmltcp_action act;
	unsigned steps = 0;
	struct buf b;

	buf_init(&b, room, sizeof room);
	if (xmltcp_session_take(s, p, fault, now, &a, &b) == XMLTCP_HOP) {
		check(a.token != 0 && is_text(a.hop.session, sizeof a.hop.session));
		check(a.hop.input_len == strlen(a.hop.input));
		xmltcp_session_answer(s, a.token, a.hop.code, true, &b);
	}
	check_said(&b);
	while (xmltcp_session_next(s, now, &act))
		check(++steps < 10);
	check(xmltcp_session_wake(s) > now);
	check(s->in_hand == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct xmltcp_session s;
	static struct xmltcp_packet p;
	int64_t now = 1000000;

	start(&s, now);
	while (size > 0) {
		int32_t length = xmltcp_length(data, size);
		size_t n = length <= 0 || (size_t)length > size ? size : (size_t)length;
		uint8_t *block = malloc(n); /* one byte more is noticed */
		enum xmltcp_fault fault;

		check(block != NULL);
		memcpy(block, data, n);
		fault = xmltcp_read(block, n, &p);
		check(is_text(p.text, sizeof p.text) &&
		      is_text(p.request, sizeof p.request));
		feed(&s, &p, fault, now);
		free(block);
		data += n;
		size -= n;
		now += 10;
	}
	return 0;
}
