#include "ussd/core/turn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct turn_rules RULES = { .key = { 5 },
	                                 .now_ms = 100000,
	                                 .replay_ms = 60000 };

struct turn_case {
	const char *name;
	/* the session: mode < 0 means none */
	int mode;
	const char *carrier;
	const char *last; /* cumulative text it remembers */
	int64_t touched_ms;
	/* the hop */
	enum hop_kind kind;
	const char *session;
	const char *input;
	bool cumulative;
	/* what it means */
	enum turn_kind want;
	const char *new_part;
};

static const struct turn_case CASES[] = {
	{ "first dial", -1, "", "", 0, HOP_BEGIN, "a", "", true, TURN_BEGIN, NULL },
	{ "begin again", SESSION_OPEN, "a", "", 90000, HOP_BEGIN, "a", "", true,
	  TURN_REPLAY, NULL },
	{ "begin again, late", SESSION_OPEN, "a", "1", 90000, HOP_BEGIN, "a", "", true,
	  TURN_REPLAY, NULL },
	{ "begin again, too old", SESSION_OPEN, "a", "", 1000, HOP_BEGIN, "a", "", true,
	  TURN_BEGIN, NULL },
	{ "redial", SESSION_OPEN, "a", "1*2", 90000, HOP_BEGIN, "b", "", true, TURN_BEGIN,
	  NULL },
	{ "answer", SESSION_OPEN, "a", "", 90000, HOP_CONTINUE, "a", "1", true, TURN_STEP,
	  "1" },
	{ "next answer", SESSION_OPEN, "a", "1", 90000, HOP_CONTINUE, "a", "1*500", true,
	  TURN_STEP, "500" },
	{ "slow answer", SESSION_OPEN, "a", "1", 1000, HOP_CONTINUE, "a", "1*500", true,
	  TURN_STEP, "500" },
	{ "answer to a resume screen", SESSION_OPEN, "a", "", 90000, HOP_CONTINUE, "a",
	  "1", true, TURN_STEP, "1" },
	{ "answer twice", SESSION_OPEN, "a", "1*500", 90000, HOP_CONTINUE, "a", "1*500",
	  true, TURN_REPLAY, NULL },
	{ "answer after the end", SESSION_ENDED, "a", "1", 90000, HOP_CONTINUE, "a",
	  "1*2", true, TURN_REPLAY, NULL },
	{ "text of something else", SESSION_OPEN, "a", "1*500", 90000, HOP_CONTINUE, "a",
	  "2*500*1", true, TURN_BEGIN, "" },
	/* dialled behind the code, or the answers of a session that Redis lost */
	{ "deep dial, all so far", -1, "", "", 0, HOP_CONTINUE, "a", "1*2", true,
	  TURN_BEGIN, "1*2" },
	{ "deep dial, over another session", SESSION_OPEN, "a", "1", 90000, HOP_CONTINUE,
	  "b", "1*2", true, TURN_BEGIN, "1*2" },
	{ "deep dial", -1, "", "", 0, HOP_BEGIN, "a", "1*2", false, TURN_BEGIN, "1*2" },
	{ "deep dial again", SESSION_OPEN, "a", "", 90000, HOP_BEGIN, "a", "1*2", false,
	  TURN_REPLAY, NULL },
	{ "deep dial again, all so far", SESSION_OPEN, "a", "1*2", 90000, HOP_CONTINUE,
	  "a", "1*2", true, TURN_REPLAY, NULL },
	{ "answer behind a deep dial", SESSION_OPEN, "a", "1*2", 90000, HOP_CONTINUE, "a",
	  "1*2*3", true, TURN_STEP, "3" },
	/* answers to screens that nobody knows any more */
	{ "session lost, last part only", -1, "", "", 0, HOP_CONTINUE, "a", "1", false,
	  TURN_BEGIN, "" },
	{ "old copy", SESSION_OPEN, "a", "1*50", 1000, HOP_CONTINUE, "a", "1*50", true,
	  TURN_BEGIN, "" },
	{ "last part only", SESSION_OPEN, "a", "", 90000, HOP_CONTINUE, "a", "1", false,
	  TURN_STEP, "1" },
	{ "hang up", SESSION_OPEN, "a", "1", 90000, HOP_ABORT, "a", "1", true, TURN_CLOSE,
	  NULL },
	{ "time is over", -1, "", "", 0, HOP_TIMEOUT, "a", "", true, TURN_CLOSE, NULL },
	{ "end", SESSION_ENDED, "a", "1", 90000, HOP_END, "a", "1*1234", true, TURN_CLOSE,
	  NULL },
	/* a session that we open: never over one of her own */
	{ "push", -1, "", "", 0, HOP_PUSH, "p", "", false, TURN_BEGIN, "" },
	{ "push while she dials", SESSION_OPEN, "a", "1", 90000, HOP_PUSH, "p", "", false,
	  TURN_CLOSE, NULL },
	{ "push, she hung up long ago", SESSION_OPEN, "a", "1", 39999, HOP_PUSH, "p", "",
	  false, TURN_BEGIN, NULL },
	{ "push at the last moment of hers", SESSION_OPEN, "a", "1", 40000, HOP_PUSH, "p",
	  "", false, TURN_CLOSE, NULL },
	{ "push just after the end", SESSION_ENDED, "a", "1", 90000, HOP_PUSH, "p", "",
	  false, TURN_CLOSE, NULL },
	{ "push after the end", SESSION_ENDED, "a", "1", 89999, HOP_PUSH, "p", "", false,
	  TURN_BEGIN, NULL },
	{ "push twice", SESSION_OPEN, "p", "", 90000, HOP_PUSH, "p", "", false,
	  TURN_CLOSE, NULL },
};

static void
make_session(const struct turn_case *c, struct session *s)
{
	memset(s, 0, sizeof *s);
	s->mode = (enum session_mode)c->mode;
	strncpy(s->carrier, c->carrier, sizeof s->carrier - 1);
	s->touched_ms = c->touched_ms;
	s->last.len = (uint32_t)strlen(c->last);
	s->last.hash = cumulative_hash(RULES.key, c->carrier, c->last, strlen(c->last));
}

static void
judges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		const struct turn_case *c = &CASES[i];
		struct session s;
		struct hop hop = { .channel = "at",
			           .kind = c->kind,
			           .input = c->input,
			           .input_len = strlen(c->input),
			           .cumulative = c->cumulative };
		struct turn got;

		strncpy(hop.session, c->session, sizeof hop.session - 1);
		if (c->mode >= 0)
			make_session(c, &s);
		turn_judge(&RULES, c->mode < 0 ? NULL : &s, &hop, &got);
		if (got.kind != c->want)
			fail_msg("%s: got %d, want %d", c->name, (int)got.kind,
			         (int)c->want);
		if (c->new_part == NULL)
			continue;
		if (got.input_len != strlen(c->new_part) ||
		    memcmp(got.input, c->new_part, got.input_len) != 0)
			fail_msg("%s: new is %.*s", c->name, (int)got.input_len,
			         got.input);
	}
}

static void
a_hop_with_an_id_is_known_by_it(void **state)
{
	struct session s = { .carrier = "a", .touched_ms = 90000 };
	struct hop hop = { .channel = "x",
		           .session = "a",
		           .hop_id = "m1",
		           .kind = HOP_CONTINUE,
		           .input = "1",
		           .input_len = 1 };
	struct turn got;

	(void)state;
	turn_judge(&RULES, &s, &hop, &got);
	assert_int_equal(got.kind, TURN_STEP);
	s.hop = got.hop;
	turn_judge(&RULES, &s, &hop, &got);
	assert_int_equal(got.kind, TURN_REPLAY);
	memcpy(hop.hop_id, "m2", 3);
	turn_judge(&RULES, &s, &hop, &got);
	assert_int_equal(got.kind, TURN_STEP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges),
		cmocka_unit_test(a_hop_with_an_id_is_known_by_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
