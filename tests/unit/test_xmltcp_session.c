/* A link of XML over TCP, its life in virtual time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/xml_read.h"
#include "gateway/channel/xmltcp/session.h"
#include "tests/unit/xmltcp_packets.h"

#include <cmocka.h>

struct world {
	struct xmltcp_session s;
	int64_t now;
	struct xmltcp_arrival a;
	enum xmltcp_taken taken;
	char did[600], said[XMLTCP_WRITTEN_MAX];
};

static const struct xmltcp_session_options usual = {
	.name = "ng",
	.user = "root",
	.password = "toor",
	.application = "1029384756",
	.service_code = "*123#",
	.country = "",
	.goodbye = "Bye",
	.connect_ms = 8000,
	.enquire_ms = 30000,
	.response_ms = 20000,
	.seed = 42,
};

/* "USSDError 208" of a packet; the bytes say no more than they should. */
static void
write_down(struct buf *b, const char *bytes, size_t n)
{
	char text[40] = "";

	while (n > 0) {
		int32_t length = xmltcp_length((const uint8_t *)bytes, n);
		const char *body = bytes + XMLTCP_HEADER;
		size_t body_len = (size_t)length - XMLTCP_HEADER;
		size_t name = strcspn(body + 1, ">");

		assert_in_range(length, XMLTCP_HEADER + 1, n);
		buf_printf(b, " %.*s", (int)name, body + 1);
		if (xml_text(body, body_len, "errorCode", text, sizeof text) > 0)
			buf_printf(b, " %s", text);
		if (xml_text(body, body_len, "userdata", text, sizeof text) > 0)
			buf_printf(b, " %s", text);
		if (xml_text(body, body_len, "msgtype", text, sizeof text) > 0)
			buf_printf(b, "/%s", text);
		bytes += length;
		n -= (size_t)length;
	}
}

/* Everything it wants to do now, as one line. */
static const char *
does(struct world *w)
{
	struct xmltcp_action a;
	struct buf b;
	unsigned steps = 0;

	buf_init(&b, w->did, sizeof w->did);
	while (xmltcp_session_next(&w->s, w->now, &a)) {
		if (a.act == XMLTCP_ACT_WRITE)
			write_down(&b, a.bytes, a.len);
		else
			buf_puts(&b, a.act == XMLTCP_ACT_CONNECT ? " connect"
			             : a.act == XMLTCP_ACT_CLOSE ? " close"
			                                         : " alarm");
		assert_true(++steps < 20);
	}
	assert_true(xmltcp_session_wake(&w->s) > w->now); /* it never spins */
	return w->did[0] == ' ' ? w->did + 1 : w->did;
}

#define DOES(w, what) assert_string_equal(does(w), what)

/* Hears a packet; what it says to it at once. */
static const char *
hears(struct world *w, const char *body)
{
	struct xmltcp_packet p;
	enum xmltcp_fault fault = read_text(body, &p);
	char room[XMLTCP_WRITTEN_MAX];
	struct buf b, said;

	buf_init(&b, room, sizeof room);
	buf_init(&said, w->said, sizeof w->said);
	w->taken = xmltcp_session_take(&w->s, &p, fault, w->now, &w->a, &b);
	assert_true(buf_ok(&b));
	write_down(&said, b.at, b.len);
	return w->said[0] == ' ' ? w->said + 1 : w->said;
}

#define HEARS(w, body, what) assert_string_equal(hears(w, body), what)

static const char *
answers(struct world *w, uint64_t token, const char *screen, bool is_last)
{
	char room[XMLTCP_WRITTEN_MAX];
	struct buf b, said;

	buf_init(&b, room, sizeof room);
	buf_init(&said, w->said, sizeof w->said);
	xmltcp_session_answer(&w->s, token, screen, is_last, &b);
	write_down(&said, b.at, b.len);
	return w->said[0] == ' ' ? w->said + 1 : w->said;
}

static void
begin(struct world *w)
{
	memset(w, 0, sizeof *w);
	w->now = 1000000;
	xmltcp_session_init(&w->s, &usual, w->now);
	DOES(w, "connect");
	xmltcp_session_connected(&w->s, w->now);
	DOES(w, "AUTHRequest");
}

#define WELCOME                                                                          \
	"<AUTHResponse><requestId>0</requestId><authMsg>SUCCESS</authMsg></"             \
	"AUTHResponse>"
#define ALIVE                                                                            \
	"<ENQResponse><requestId>0</requestId><enqCmd>ENQUIRELINKRSP</enqCmd>"           \
	"</ENQResponse>"

static void
sign_in(struct world *w)
{
	HEARS(w, WELCOME, "");
	DOES(w, "ENQRequest");
	HEARS(w, ALIVE, "");
	DOES(w, "");
	assert_int_equal(w->s.where, XMLTCP_UP);
}

static void
start(struct world *w)
{
	begin(w);
	sign_in(w);
}

static int64_t
sleep_until_due(struct world *w)
{
	int64_t began = w->now;

	w->now = xmltcp_session_wake(&w->s);
	return w->now - began;
}

static void
a_session_with_its_answers(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	HEARS(&w, REQUEST("1", "*123#", ON), "");
	assert_int_equal(w.taken, XMLTCP_HOP);
	assert_string_equal(answers(&w, w.a.token, "1 Loan", false),
	                    "USSDResponse 1 Loan/2");
	HEARS(&w, REQUEST("4", "1", ON), "");
	assert_string_equal(answers(&w, w.a.token, "Done", true), "USSDResponse Done/6");
	assert_string_equal(answers(&w, w.a.token, "Done", true), ""); /* once */
	assert_int_equal(w.s.in_hand, 0);
	DOES(&w, "");
}

static void
a_hop_sent_again_before_its_answer(void **state)
{
	struct world w;
	uint64_t token;

	(void)state;
	start(&w);
	HEARS(&w, REQUEST("4", "1", ON), "");
	token = w.a.token;
	HEARS(&w, REQUEST("4", "1", ON), "");
	assert_int_equal(w.taken, XMLTCP_NOTHING);
	assert_int_equal(w.s.count.repeats, 1);
	assert_string_equal(answers(&w, token, "x", false), "USSDResponse x/2");
}

/* The notice has the hop's own requestId: a late screen would be taken for its answer. */
static void
they_end_it_while_we_think(void **state)
{
	struct world w;
	uint64_t token;

	(void)state;
	start(&w);
	HEARS(&w, REQUEST("4", "1", ON), "");
	token = w.a.token;
	HEARS(&w, REQUEST("4", "", OVER), "USSDResponse Bye/6");
	assert_int_equal(w.taken, XMLTCP_NOTICE);
	assert_string_equal(answers(&w, token, "late", false), "");
	assert_int_equal(w.s.count.late, 1);
	HEARS(&w, REQUEST("4", "2", ON), "");
	token = w.a.token;
	HEARS(&w,
	      "<USSDError><requestId>1</requestId><errorCode>203</errorCode></USSDError>",
	      "");
	assert_string_equal(w.a.why, "timer_expired");
	assert_string_equal(answers(&w, token, "late", false), "");
	HEARS(&w,
	      "<USSDResponse><requestId>1</requestId><userdata>x</userdata>"
	      "</USSDResponse>",
	      "");
	assert_int_equal(w.s.count.strays, 1);
}

static void
faults_and_questions(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	HEARS(&w, REQUEST("1", "*123#", ON), "USSDError 207"); /* not signed in yet */
	sign_in(&w);
	HEARS(&w, "<ENQRequest><requestId>7</requestId></ENQRequest>", "ENQResponse");
	HEARS(&w, "<UnknownPacket/>", "USSDError 208");
	HEARS(&w, "<USSDRequest><requestId>0</requestId></USSDRequest>", "USSDError 208");
	HEARS(&w, "<AUTHRequest/>", "USSDError 208");
	HEARS(&w, "<USSDError><errorCode>1234567890</errorCode></USSDError>",
	      ""); /* errors for errors would never end */
	HEARS(&w, ALIVE, "");
	for (unsigned i = 0; i < 9; i++)
		HEARS(&w, "<", "USSDError 208");
	DOES(&w, "");
	HEARS(&w, "<", "");
	DOES(&w, "close");
	assert_string_equal(w.s.why, "nothing it says can be read");
}

static void
a_silent_peer_is_left(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	assert_int_equal(sleep_until_due(&w), 30000);
	DOES(&w, "ENQRequest");
	HEARS(&w, REQUEST("4", "1", ON), ""); /* anything is a sign of life */
	DOES(&w, "");
	assert_int_equal(sleep_until_due(&w), 30000);
	DOES(&w, "ENQRequest");
	assert_int_equal(sleep_until_due(&w), 20000);
	DOES(&w, "close");
	assert_string_equal(w.s.why, "the peer is silent");
	assert_int_equal(w.s.count.late, 1); /* nobody answers that hop any more */
	assert_in_range(sleep_until_due(&w), 500, 1000);
	DOES(&w, "connect");
	assert_string_equal(answers(&w, w.a.token, "late", false), "");
}

static void
no_hot_loop(void **state)
{
	static const struct {
		const char *body, *does;
		int64_t least, most;       /* before the first try again */
		int64_t least_10, most_10; /* and the tenth              */
	} rows[] = {
		{ "<AUTHError><requestId>0</requestId><authMsg>FAILURE</authMsg>"
		  "<errorCode>001</errorCode></AUTHError>",
		  "alarm close", 15000, 30000, 450000, 900000 },
		{ "<AUTHError><errorCode>206</errorCode></AUTHError>", "close", 500, 1000,
		  30000, 60000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world w;
		int64_t waited = 0;

		begin(&w);
		for (unsigned k = 1; k <= 10; k++) {
			HEARS(&w, rows[i].body, "");
			DOES(&w, rows[i].does);
			waited = sleep_until_due(&w);
			if (k == 1)
				assert_in_range(waited, rows[i].least, rows[i].most);
			DOES(&w, "connect");
			xmltcp_session_connected(&w.s, w.now);
			DOES(&w, "AUTHRequest");
		}
		assert_in_range(waited, rows[i].least_10, rows[i].most_10);
		HEARS(&w, WELCOME, ""); /* all is well again */
		DOES(&w, "ENQRequest");
		xmltcp_session_lost(&w.s, "the peer closed", w.now);
		DOES(&w, "");
		assert_true(sleep_until_due(&w) <= 60000);
	}
}

static void
nothing_comes_in_time(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	assert_int_equal(sleep_until_due(&w), 8000);
	DOES(&w, "close");
	assert_string_equal(w.s.why, "no answer to the sign-in");
	sleep_until_due(&w);
	DOES(&w, "connect");
	assert_int_equal(sleep_until_due(&w), 8000);
	DOES(&w, "close");
	assert_string_equal(w.s.why, "no connection in time");
}

static void
paused_no_session_begins(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	xmltcp_session_pause(&w.s, true);
	HEARS(&w, REQUEST("1", "*123#", ON), "USSDError 211");
	HEARS(&w, REQUEST("4", "1", ON), ""); /* hers goes on */
	assert_int_equal(w.taken, XMLTCP_HOP);
	xmltcp_session_pause(&w.s, false);
	HEARS(&w, REQUEST("1", "*123#", ON), "");
}

static void
drained_it_waits_for_what_is_in_hand(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	HEARS(&w, REQUEST("4", "1", ON), "");
	xmltcp_session_drain(&w.s);
	DOES(&w, "");
	assert_int_equal(w.s.where, XMLTCP_UP);
	assert_string_equal(answers(&w, w.a.token, "x", true), "USSDResponse x/6");
	HEARS(&w, REQUEST("4", "2", ON), "USSDError 211");
	DOES(&w, "close");
	assert_int_equal(w.s.where, XMLTCP_ENDED);
	assert_true(xmltcp_session_wake(&w.s) == INT64_MAX);
	begin(&w);
	xmltcp_session_drain(&w.s); /* not even signed in */
	DOES(&w, "close");
	assert_int_equal(w.s.where, XMLTCP_ENDED);
}

static void
no_more_in_hand_than_there_is_room_for(void **state)
{
	struct world w;
	char body[600];

	(void)state;
	start(&w);
	for (unsigned i = 0; i <= XMLTCP_IN_HAND_MAX; i++) {
		snprintf(body, sizeof body,
		         "<USSDRequest><requestId>%u</requestId><msisdn>2348135829645"
		         "</msisdn><msgtype>1</msgtype></USSDRequest>",
		         i);
		HEARS(&w, body, i < XMLTCP_IN_HAND_MAX ? "" : "USSDError 200");
	}
	assert_string_equal(answers(&w, 5, "x", true), "USSDResponse x/6");
	HEARS(&w, body, "");
	assert_int_equal(w.taken, XMLTCP_HOP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_with_its_answers),
		cmocka_unit_test(a_hop_sent_again_before_its_answer),
		cmocka_unit_test(they_end_it_while_we_think),
		cmocka_unit_test(faults_and_questions),
		cmocka_unit_test(a_silent_peer_is_left),
		cmocka_unit_test(no_hot_loop),
		cmocka_unit_test(nothing_comes_in_time),
		cmocka_unit_test(paused_no_session_begins),
		cmocka_unit_test(drained_it_waits_for_what_is_in_hand),
		cmocka_unit_test(no_more_in_hand_than_there_is_room_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
