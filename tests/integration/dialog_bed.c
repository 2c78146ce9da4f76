#include "tests/integration/dialog_bed.h"

#include "tests/integration/fresh_database.h"

#include "payments/flow/purpose.h"
#include "payments/flow/seed.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WAIT_MS 10000

/* ---- the servers ---- */

void
bed_text(struct dialog_bed *b, const char *sql, char *out, size_t cap)
{
	PGconn *db = PQconnectdb(b->conninfo);
	PGresult *res = PQexec(db, sql);
	ExecStatusType status = PQresultStatus(res);

	out[0] = '\0';
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(db));
	if (PQntuples(res) > 0)
		snprintf(out, cap, "%s", PQgetvalue(res, 0, 0));
	PQclear(res);
	PQfinish(db);
}

int64_t
bed_number(struct dialog_bed *b, const char *sql)
{
	char text[64];

	bed_text(b, sql, text, sizeof text);
	return strtoll(text, NULL, 10);
}

static void
on_server(const char *fmt, const char *database)
{
	struct dialog_bed server = { .conninfo = "dbname=postgres" };
	char sql[160], nothing[8];

	snprintf(sql, sizeof sql, "%s %s%s", fmt, database,
	         fmt[0] == 'd' ? " with (force)" : "");
	bed_text(&server, sql, nothing, sizeof nothing);
}

static void
turn_until(struct dialog_bed *b, const unsigned *waiting)
{
	int64_t deadline;

	clock_update(&b->clock);
	deadline = b->clock.mono_ms + WAIT_MS;
	while (*waiting > 0) {
		loop_turn(b->loop, 50);
		if (b->clock.mono_ms > deadline)
			fail_msg("no answer in %d ms", WAIT_MS);
	}
}

void
dialog_bed_wait(struct dialog_bed *b, const unsigned *waiting)
{
	turn_until(b, waiting);
}

static void
on_seed(void *arg, const struct payments_answer *a, int32_t cooperative_id)
{
	unsigned *waiting = arg;

	(void)cooperative_id;
	if (a->outcome != OUTCOME_OK)
		fail_msg("seed: %s", a->reason);
	*waiting = 0;
}

static void
seed(struct dialog_bed *b)
{
	struct seed_ask ask = { .provider = "mtn",
		                .opening_float = 1000000000,
		                .treasurer_pin = BED_TREASURER_PIN,
		                .officer_pin = BED_OFFICER_PIN };
	unsigned waiting = 1;

	payments_seed(&b->env, &ask, on_seed, &waiting);
	turn_until(b, &waiting);
}

static void
start_money(struct dialog_bed *b)
{
	struct pg_options pg = { .conninfo = b->conninfo,
		                 .connections = 2,
		                 .in_flight = 32,
		                 .connect_ms = 3000,
		                 .statement_ms = 10000,
		                 .role = "adit_gateway",
		                 .keyed = true };
	struct settle_options writer = { .batch_max = 500,
		                         .queue_max = 10000,
		                         .cache_accounts = 1000,
		                         .lease_ms = 600,
		                         .holder = "bed" };
	struct pinhash_options pin = { .threads = 1, .memory_bytes = 8192, .passes = 1 };

	b->env = (struct flow_env){ .loop = b->loop,
		                    .ids = &b->ids,
		                    .settings = &b->settings };
	b->env.pg = pg_new(b->loop, &pg);
	b->writer = pg_new(b->loop, &pg);
	b->env.settle = settle_new(b->loop, b->writer, &writer);
	b->env.pinhash = pinhash_new(b->loop, &pin);
}

static void
on_stranger(void *arg, const struct msisdn *to, const char *text)
{
	struct dialog_bed *b = arg;

	(void)to;
	snprintf(b->sent, sizeof b->sent, "%s", text);
}

static void
start_dialogs(struct dialog_bed *b)
{
	struct dialog_deps dialog = { .env = &b->env,
		                      .redis = b->redis,
		                      .menu = b->menus.program };
	struct sms_dialog_deps sms = { .env = &b->env,
		                       .redis = b->redis,
		                       .menu = b->menus.program,
		                       .send = on_stranger,
		                       .send_arg = b };

	b->dialog = dialog_new(&dialog);
	b->sms = sms_dialog_new(&sms);
}

void
dialog_bed_redis(struct dialog_bed *b, const char *address)
{
	if (b->dialog != NULL) {
		dialog_free(b->dialog);
		sms_dialog_free(b->sms);
		redis_free(b->redis);
	}
	b->redis = redis_new(b->loop, address, 1000);
	start_dialogs(b);
	clock_update(&b->clock);
	for (int64_t end = b->clock.mono_ms + 300;
	     b->clock.mono_ms < end && !redis_is_up(b->redis);)
		loop_turn(b->loop, 20);
}

int
dialog_bed_open(struct dialog_bed *b)
{
	struct menu_diags *diags = calloc(1, sizeof *diags);
	const char *redis = getenv("ADIT_REDIS");
	int loaded;

	memset(b, 0, sizeof *b);
	snprintf(b->database, sizeof b->database, "adit_dialog_%d", (int)getpid());
	snprintf(b->conninfo, sizeof b->conninfo, "dbname=%s", b->database);
	if (fresh_database(b->database) < 0)
		return -1;
	settings_defaults(&b->settings);
	b->settings.ussd.per_minute = 10000; /* people here are quick */
	loaded = menus_load(&b->settings, &b->menus, diags);
	if (loaded != 0)
		menus_print(stderr, diags);
	free(diags);
	clock_init(&b->clock);
	ids_init(&b->ids);
	b->loop = loop_new(&b->clock);
	if (loaded != 0)
		return -1;
	start_money(b);
	seed(b);
	dialog_bed_redis(b, redis != NULL ? redis : b->settings.redis.address);
	return 0;
}

void
dialog_bed_close(struct dialog_bed *b)
{
	if (b->dialog == NULL)
		return; /* it never opened */
	dialog_free(b->dialog);
	sms_dialog_free(b->sms);
	redis_free(b->redis);
	settle_free(b->env.settle);
	pinhash_free(b->env.pinhash);
	pg_free(b->env.pg);
	pg_free(b->writer);
	loop_free(b->loop);
	menus_free(&b->menus);
	on_server("drop database", b->database);
}

/* ---- phones ---- */

struct waiter {
	struct phone *phone;
	unsigned *waiting;
};

static void
on_screen(void *arg, const struct dialog_reply *reply)
{
	struct waiter *w = arg;

	snprintf(w->phone->screen, sizeof w->phone->screen, "%s", reply->text);
	w->phone->end = reply->end;
	(*w->waiting)--;
	free(w);
}

void
phone_start(struct phone *p, enum hop_kind kind, unsigned *waiting)
{
	struct waiter *w = calloc(1, sizeof *w);
	struct hop hop = { .channel = "at",
		           .code = "*384*77#",
		           .network = "99999",
		           .kind = kind,
		           .input = p->typed,
		           .input_len = strlen(p->typed),
		           .cumulative = true };

	w->phone = p;
	w->waiting = waiting;
	snprintf(hop.session, sizeof hop.session, "%s", p->session);
	snprintf(hop.msisdn.digits, sizeof hop.msisdn.digits, "%s", p->number);
	(*waiting)++;
	dialog_hop(p->bed->dialog, &hop, on_screen, w);
}

static void
hop(struct phone *p)
{
	unsigned waiting = 0;

	phone_start(p, p->typed[0] == '\0' ? HOP_BEGIN : HOP_CONTINUE, &waiting);
	turn_until(p->bed, &waiting);
}

void
phone_init(struct phone *p, struct dialog_bed *b, const char *number)
{
	memset(p, 0, sizeof *p);
	p->bed = b;
	p->number = number;
}

void
phone_dial_deep(struct phone *p, const char *behind)
{
	snprintf(p->session, sizeof p->session, "ATUid_%d_%u", (int)getpid(),
	         ++p->bed->sessions);
	snprintf(p->typed, sizeof p->typed, "%s", behind);
	hop(p);
}

void
phone_dial(struct phone *p)
{
	phone_dial_deep(p, "");
}

void
phone_type(struct phone *p, const char *what)
{
	size_t n = strlen(p->typed);

	snprintf(p->typed + n, sizeof p->typed - n, "%s%s", n > 0 ? "*" : "", what);
	hop(p);
}

void
phone_walk(struct phone *p, const char *const *answers)
{
	for (; *answers != NULL; answers++)
		phone_type(p, *answers);
}

void
phone_fresh(struct phone *p)
{
	phone_dial(p);
	if (strstr(p->screen, "Start again") != NULL ||
	    strstr(p->screen, "Anza upya") != NULL ||
	    strstr(p->screen, "Recommencer") != NULL)
		phone_type(p, "2");
}

void
phone_again(struct phone *p)
{
	p->screen[0] = '\0';
	hop(p);
}

void
phone_shows(const struct phone *p, const char *part)
{
	if (strstr(p->screen, part) == NULL)
		fail_msg("no \"%s\" on the screen:\n%s", part, p->screen);
}

void
phone_shows_not(const struct phone *p, const char *part)
{
	if (strstr(p->screen, part) != NULL)
		fail_msg("\"%s\" on the screen:\n%s", part, p->screen);
}

void
phone_ended(const struct phone *p, bool end)
{
	if (p->end != end)
		fail_msg("the session %s:\n%s", p->end ? "ended" : "goes on", p->screen);
}

static void
on_forgotten(void *arg, const struct redis_reply *r)
{
	unsigned *waiting = arg;

	(void)r;
	(*waiting)--;
}

void
bed_forget(struct dialog_bed *b, const char *number)
{
	char session[32], counted[32];
	unsigned waiting = 2;

	snprintf(session, sizeof session, "s:{%s}", number);
	snprintf(counted, sizeof counted, "m:{%s}", number);
	redis_del(b->redis, session, on_forgotten, &waiting);
	redis_del(b->redis, counted, on_forgotten, &waiting);
	turn_until(b, &waiting);
}

void
bed_join(struct dialog_bed *b, const char *number, const char *language, const char *name,
         const char *pin)
{
	const char *const answers[] = { language, "mgodi", name, "1", pin, pin, NULL };
	struct phone p;

	phone_init(&p, b, number);
	phone_fresh(&p);
	phone_walk(&p, answers);
	phone_shows(&p, name);
	phone_ended(&p, false);
}

/* ---- SMS and payments ---- */

static void
on_sms(void *arg, const struct err *err)
{
	unsigned *waiting = arg;

	if (err->code != ERR_NONE)
		fail_msg("sms: %s", err->what);
	*waiting = 0;
}

void
bed_sms(struct dialog_bed *b, const char *from, const char *id, const char *text)
{
	struct sms_in in = { .channel = "at", .text = text, .text_len = strlen(text) };
	unsigned waiting = 1;

	b->sent[0] = '\0';
	snprintf(in.sms_id, sizeof in.sms_id, "%s", id);
	snprintf(in.from.digits, sizeof in.from.digits, "%s", from);
	sms_dialog_receive(b->sms, &in, on_sms, &waiting);
	turn_until(b, &waiting);
}

struct outcome_wait {
	unsigned waiting;
	struct payment payment;
	const char *purpose;
	bool found;
};

static void
on_claim(void *arg, const struct pg_reply *r)
{
	struct outcome_wait *w = arg;

	if (r->err.code != ERR_NONE)
		fail_msg("claim: %s %s", r->err.what, r->message);
	for (int i = 0; i < r->rows && !w->found; i++) {
		payment_read(r, i, &w->payment);
		w->found = strcmp(w->payment.purpose, w->purpose) == 0;
	}
	w->waiting = 0;
}

static void
on_recorded(void *arg, const struct err *err)
{
	struct outcome_wait *w = arg;

	if (err->code != ERR_NONE)
		fail_msg("record: %s", err->what);
	w->waiting = 0;
}

int64_t
bed_pay(struct dialog_bed *b, const char *purpose, enum pay_state to)
{
	struct outcome_wait w = { .waiting = 1, .purpose = purpose };
	struct verdict why = { .kind = to == PAY_PAID ? VERDICT_PAID : VERDICT_FAILED,
		               .reason = to == PAY_PAID ? REASON_NONE : REASON_NO_FUNDS,
		               .amount_minor = -1 };
	struct uuid claim = ids_uuid4(&b->ids);
	struct pg_args *a = pg_args_new();

	pg_i32(a, (int32_t)bed_number(b, "select min(cooperative_id) from cooperatives"));
	pg_text(a, "mtn");
	pg_uuid(a, &claim);
	pg_i64(a, b->clock.wall_ms + 3600000);
	pg_i64(a, b->clock.wall_ms + 3600000);
	pg_i32(a, 20);
	pg_bool(a, true);
	pg_i64(a, 0);
	pg_call(b->env.pg, &payments_claim, a, 5000, on_claim, &w);
	turn_until(b, &w.waiting);
	if (!w.found)
		fail_msg("no open payment for %s", purpose);
	w.waiting = 1;
	assert_true(purpose_record(&b->env, &w.payment, to, &why, on_recorded, &w));
	turn_until(b, &w.waiting);
	return w.payment.amount;
}
