/* A conversation that we begin on her phone: at the lot, in her language, with her PIN;
 * never over one of her own, and never to say that there is nothing to ask. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA     "255712000100"
#define TREASURER "255754000200"
#define STRANGER  "255799999999"
#define SESSION   "tz/255712000100/7/1a2b"

static struct dialog_bed bed;
static struct phone p;

static int
open_bed(void **state)
{
	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed_forget(&bed, NEEMA);
	bed_forget(&bed, TREASURER);
	bed_forget(&bed, STRANGER);
	bed_join(&bed, NEEMA, "2", "Neema Juma", "7391");
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	dialog_bed_close(&bed);
	return 0;
}

/* A lot on the scale: its id. */
static const char *
record_lot(void)
{
	const char *const record[] = {
		"2", "0712000100", "1", "1", "22", "3", "1", NULL
	};
	static char lot[UUID_TEXT_SIZE];

	phone_init(&p, &bed, TREASURER);
	phone_fresh(&p);
	phone_walk(&p, record);
	bed_text(&bed, "select lot_id from lots order by recorded_ms desc limit 1", lot,
	         sizeof lot);
	return lot;
}

struct pushed {
	unsigned waiting;
	bool end;
	char screen[700];
};

static void
on_screen(void *arg, const struct dialog_reply *reply)
{
	struct pushed *out = arg;

	out->end = reply->end;
	snprintf(out->screen, sizeof out->screen, "%s", reply->text);
	out->waiting = 0;
}

static struct pushed
push(const char *number, const char *screen, const char *lot)
{
	struct dialog_push what = { .channel = "smpp",
		                    .session = SESSION,
		                    .screen = screen };
	struct pushed out = { .waiting = 1 };

	snprintf(what.msisdn.digits, sizeof what.msisdn.digits, "%s", number);
	if (lot != NULL)
		menu_value_text(&what.subject, "lot", lot);
	dialog_push(bed.dialog, &what, on_screen, &out);
	dialog_bed_wait(&bed, &out.waiting);
	return out;
}

/* Answers in the session that we opened. */
static void
type(const char *what)
{
	static unsigned hops;
	struct hop hop = { .channel = "smpp",
		           .session = SESSION,
		           .kind = HOP_CONTINUE,
		           .input = what,
		           .input_len = strlen(what) };
	struct pushed out = { .waiting = 1 };

	snprintf(hop.msisdn.digits, sizeof hop.msisdn.digits, NEEMA);
	snprintf(hop.hop_id, sizeof hop.hop_id, "h%u", ++hops);
	dialog_hop(bed.dialog, &hop, on_screen, &out);
	dialog_bed_wait(&bed, &out.waiting);
	snprintf(p.screen, sizeof p.screen, "%s", out.screen);
	p.end = out.end;
}

static void
her_lot_opens_and_she_sells_it(void **state)
{
	const char *lot = record_lot();
	struct pushed shown;

	(void)state;
	bed_forget(&bed, NEEMA);
	shown = push(NEEMA, "sell.pushed", lot);
	assert_false(shown.end);
	assert_non_null(strstr(shown.screen, "Uzito 1 g")); /* in Swahili */
	type("1");
	type("1");
	type("1");
	phone_shows(&p, "PIN");
	type("7391");
	phone_ended(&p, true);
	assert_int_equal(
	    bed_number(&bed, "select count(*) from lots where state = 'sold'"), 1);
	/* sold: there is nothing to ask, so nothing is opened */
	bed_forget(&bed, NEEMA);
	assert_true(push(NEEMA, "sell.pushed", lot).end);
}

static void
a_session_of_her_own_stays(void **state)
{
	const char *lot = record_lot();

	(void)state;
	bed_forget(&bed, NEEMA);
	phone_init(&p, &bed, NEEMA);
	phone_dial(&p);
	phone_type(&p, "1");
	assert_true(push(NEEMA, "sell.pushed", lot).end);
	phone_type(&p, "50000");
	phone_shows(&p, "50,000 TZS"); /* as if nothing had been */
}

static void
left_unanswered_she_finds_it_when_she_dials(void **state)
{
	const char *lot = record_lot();

	(void)state;
	bed_forget(&bed, NEEMA);
	assert_false(push(NEEMA, "sell.pushed", lot).end);
	assert_true(push(NEEMA, "sell.pushed", lot).end); /* one at a time */
	phone_init(&p, &bed, NEEMA);
	phone_dial(&p);
	phone_type(&p, "1"); /* goes on */
	phone_shows(&p, "Uzito 1 g");
}

static void
nothing_to_ask_opens_nothing(void **state)
{
	(void)state;
	bed_forget(&bed, NEEMA);
	bed_forget(&bed, STRANGER);
	assert_true(push(STRANGER, "sell.pushed", "x").end);
	assert_true(push(NEEMA, "no.such.screen", NULL).end);
	assert_true(push(NEEMA, "sell.pushed", "no lot").end);
	assert_true(
	    push(NEEMA, "sell.pushed", "01900000-0000-7000-8000-000000000001").end);
	assert_true(push(NEEMA, "group.pushed", NULL).end); /* no group asks her */
	/* and none of that is remembered of her */
	phone_init(&p, &bed, NEEMA);
	phone_dial(&p);
	phone_shows(&p, "1 Mkopo");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(her_lot_opens_and_she_sells_it),
		cmocka_unit_test(a_session_of_her_own_stays),
		cmocka_unit_test(left_unanswered_she_finds_it_when_she_dials),
		cmocka_unit_test(nothing_to_ask_opens_nothing),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
