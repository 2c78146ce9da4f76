/*
 * What the portals of the providers export: GET /statement, the book of one provider as
 * its CSV, with knobs that make it disagree with what was paid.
 *
 *   provider=mtn  day=2026-11-29  zone=180 (minutes east of UTC)  newest=1 (first)
 *   omit=N   leave out the Nth entry of that day     other=N  another amount
 *   flip=N   paid for failed, and the other way      extra=N  N payments of nobody
 *   twice=N  the Nth entry moved again               fee=N    taken for each payout
 *
 * It shares nothing with the gateway's reader.  Balances follow what is shown.
 */
#include "tests/sim/book.h"
#include "tests/sim/sim.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EXTRA 77700 /* hundredths */

struct shown { /* one movement, in hundredths */
	char txn[32], reference[UUID_TEXT_SIZE], number[20], currency[4];
	const char *word;
	bool out;
	enum entry_state state;
	int64_t amount, fee, before;
	int64_t ms; /* local */
};

struct portal {
	const char *provider, *wire, *heading;
	bool fee_apart; /* a line of its own */
	bool paid_only;
	void (*row)(const struct shown *m, FILE *to);
	void (*fee)(const struct shown *m, FILE *to); /* of fee_apart */
};

struct knobs {
	const struct portal *portal;
	char day[12];
	int64_t zone, omit, other, flip, extra, twice, fee;
	bool newest;
};

/* ---- how they write -------------------------------------------------------------------
 */

/* With the thousands grouped by `group`, and a decimal sign. */
static char *
money(int64_t hundredths, const char *group, char decimal, char out[48])
{
	char whole[24];
	int64_t v = hundredths < 0 ? -hundredths : hundredths;
	size_t n, len = 0;

	n = (size_t)snprintf(whole, sizeof whole, "%" PRId64, v / 100);
	if (hundredths < 0)
		out[len++] = '-';
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			len += (size_t)snprintf(out + len, 48 - len, "%s", group);
		out[len++] = whole[i];
	}
	snprintf(out + len, 48 - len, "%c%02d", decimal, (int)(v % 100));
	return out;
}

enum stamp {
	STAMP_ISO,
	STAMP_DAY_FIRST,
	STAMP_UTC,
	STAMP_DATE,
	STAMP_SLASHES,
	STAMP_CLOCK
};

static char *
moment(int64_t ms, enum stamp how, char out[40])
{
	time_t at = (time_t)(ms / 1000);
	char date[12], clock[10];
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(date, sizeof date, "%Y-%m-%d", &tm);
	strftime(clock, sizeof clock, "%H:%M:%S", &tm);
	switch (how) {
	case STAMP_ISO:
		snprintf(out, 40, "%s %s", date, clock);
		break;
	case STAMP_DAY_FIRST:
		snprintf(out, 40, "%.2s-%.2s-%.4s %s", date + 8, date + 5, date, clock);
		break;
	case STAMP_UTC:
		snprintf(out, 40, "%sT%s.000Z", date, clock);
		break;
	case STAMP_DATE:
		snprintf(out, 40, "%s", date);
		break;
	case STAMP_SLASHES:
		snprintf(out, 40, "%.2s/%.2s/%.4s", date + 8, date + 5, date);
		break;
	case STAMP_CLOCK:
		snprintf(out, 40, "%s", clock);
		break;
	}
	return out;
}

static int64_t
net(const struct shown *m)
{
	return m->state != ENTRY_PAID ? 0 : m->out ? -m->amount : m->amount;
}

static const char *
word_of(const struct shown *m, const char *pending, const char *paid, const char *failed)
{
	return m->state == ENTRY_PAID     ? paid
	       : m->state == ENTRY_FAILED ? failed
	                                  : pending;
}

static void
mtn_row(const struct shown *m, FILE *to)
{
	char a[48], f[48], b[48], t[40], us[] = "FRI:1122334455/USER", them[48];

	snprintf(them, sizeof them, "FRI:%s/MSISDN", m->number);
	fprintf(to, "%s,%s,%s,%s,%s,%s,%s,\"%s\",%s,\"%s\",%s\r\n", m->txn, m->reference,
	        moment(m->ms, STAMP_ISO, t),
	        word_of(m, "Pending", "Successful", "Failed"),
	        m->out ? "Transfer" : "Payment", m->out ? us : them, m->out ? them : us,
	        money(m->out ? -m->amount : m->amount, ",", '.', a),
	        money(m->fee, "", '.', f),
	        money(m->before + net(m) - m->fee, ",", '.', b), m->currency);
}

static void
airtel_row(const struct shown *m, FILE *to)
{
	char a[48], f[48], b[48], t[40], id[40];
	size_t n = 0;

	for (const char *c = m->reference; *c != '\0'; c++)
		if (*c != '-')
			id[n++] = *c;
	id[n] = '\0';
	fprintf(to, "%s,%s,%s,\"%s\",%s,%s,\"%s\",%s,%s\n", m->txn,
	        moment(m->ms, STAMP_DAY_FIRST, t), m->out ? "Debit" : "Credit",
	        money(m->amount, ",", '.', a), money(m->fee, "", '.', f),
	        word_of(m, "Transaction in Progress", "Transaction Success",
	                "Transaction Failed"),
	        money(m->before + net(m) - m->fee, ",", '.', b), m->number, id);
}

static void
mpesa_row(const struct shown *m, FILE *to)
{
	char a[48], b[48], t[40];

	money(m->out ? -m->amount : m->amount, ",", '.', a);
	moment(m->ms, STAMP_DAY_FIRST, t);
	fprintf(to,
	        "%s,%s,%s,%s,%s,\"%s\",\"%s\",\"%s\",TRUE,%s,%s - SUBSCRIBER,%.12s\r\n",
	        m->txn, t, t, m->out ? "\"Business Payment, by API\"" : "Pay Bill Online",
	        word_of(m, "Pending", "Completed", "Failed"), m->out ? "" : a,
	        m->out ? a : "", money(m->before + net(m), ",", '.', b),
	        m->out ? "Business Payment to Customer" : "Pay Bill", m->number,
	        m->out ? "" : m->word);
}

static void
mpesa_fee(const struct shown *m, FILE *to)
{
	char a[48], b[48], t[40];

	moment(m->ms, STAMP_DAY_FIRST, t);
	fprintf(to,
	        "%s,%s,%s,B2C Charge,Completed,,\"%s\",\"%s\",TRUE,Business to Customer "
	        "Charge,,\r\n",
	        m->txn, t, t, money(-m->fee, ",", '.', a),
	        money(m->before + net(m) - m->fee, ",", '.', b));
}

static void
gsma_row(const struct shown *m, FILE *to)
{
	char a[48], f[48], b[48], t[40];

	fprintf(to, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", m->txn,
	        moment(m->ms, STAMP_UTC, t), word_of(m, "pending", "completed", "failed"),
	        m->out ? "disbursement" : "merchantpay", money(m->amount, "", '.', a),
	        m->currency, money(m->fee, "", '.', f),
	        money(m->before + net(m) - m->fee, "", '.', b), m->out ? "" : m->number,
	        m->out ? m->number : "", m->reference);
}

static void
pawapay_row(const struct shown *m, FILE *to)
{
	char a[48], b[48], t[40];

	fprintf(to, "%s,%s,%s,%s,%s,TZA,VODACOM_TZA,%s,%s\n", moment(m->ms, STAMP_ISO, t),
	        m->number, m->reference, money(m->amount, "", '.', a), m->currency,
	        m->out ? "PAYOUT" : "DEPOSIT", money(m->before + net(m), "", '.', b));
}

static void
pawapay_fee(const struct shown *m, FILE *to)
{
	char a[48], b[48], t[40];

	fprintf(to, "%s,%s,%s,%s,%s,TZA,VODACOM_TZA,PAYOUT_FEE,%s\n",
	        moment(m->ms, STAMP_ISO, t), m->number, m->reference,
	        money(m->fee, "", '.', a), m->currency,
	        money(m->before + net(m) - m->fee, "", '.', b));
}

static void
orange_row(const struct shown *m, FILE *to)
{
	char a[48], b[48], d[40], t[40];

	money(m->amount, " ", ',', a);
	fprintf(to, "%s;%s;%s;Cash in;%s;%s;%s;%s;%s;%s\n", m->txn,
	        moment(m->ms, STAMP_SLASHES, d), moment(m->ms, STAMP_CLOCK, t),
	        word_of(m, "En cours", "Succ\xc3\xa8s",
	                "\xc3\x89"
	                "chec"),
	        m->out ? "" : a, m->out ? a : "", money(m->before + net(m), " ", ',', b),
	        m->number, m->reference);
}

static void
orange_fee(const struct shown *m, FILE *to)
{
	char a[48], b[48], d[40], t[40];

	fprintf(to, "%s;%s;%s;Frais;Succ\xc3\xa8s;;%s;%s;;\n", m->txn,
	        moment(m->ms, STAMP_SLASHES, d), moment(m->ms, STAMP_CLOCK, t),
	        money(m->fee, " ", ',', a),
	        money(m->before + net(m) - m->fee, " ", ',', b));
}

#define MPESA_HEADING                                                                    \
	"Short Code:,174379,,,,,,,,,,\r\n"                                               \
	"Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid "   \
	"In,"                                                                            \
	"Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,A/C No.\r\n"

static const struct portal portals[] = {
	{ "mtn", "",
	  "\xef\xbb\xbfId,External Transaction "
	  "Id,Date,Status,Type,From,To,Amount,Fee,Balance,"
	  "Currency\r\n",
	  false, false, mtn_row, NULL },
	{ "airtel", "airtel",
	  "Transaction ID,Transaction Date & Time,Transaction Type,Transaction "
	  "Amount,Service "
	  "Charge,Transaction Status,Post Balance,MSISDN,External Reference\n",
	  false, false, airtel_row, NULL },
	{ "daraja", "daraja", MPESA_HEADING, true, false, mpesa_row, mpesa_fee },
	{ "vodacom", "vodacom", MPESA_HEADING, true, false, mpesa_row, mpesa_fee },
	{ "mpesamz", "vodacom", MPESA_HEADING, true, false, mpesa_row, mpesa_fee },
	{ "gsma", "gsma",
	  "transactionReference,creationDate,transactionStatus,type,amount,currency,fees,"
	  "balance,debitParty,creditParty,requestingOrganisationTransactionReference\n",
	  false, false, gsma_row, NULL },
	{ "pawapay", "pawapay",
	  "Creation Date,MSISDN,Transaction "
	  "ID,Amount,Currency,Country,MNO,Type,Balance\n",
	  true, true, pawapay_row, pawapay_fee },
	{ "orange", "orange",
	  "R\xc3\xa9"
	  "f\xc3\xa9rence;Date;Heure;Service;Statut;Cr\xc3\xa9"
	  "dit;D\xc3\xa9"
	  "bit;Solde;Correspondant;R\xc3\xa9"
	  "f\xc3\xa9rence externe\n",
	  true, false, orange_row, orange_fee },
};

/* ---- what they show
 * -------------------------------------------------------------------- */

struct page {
	const struct knobs *k;
	FILE *to;
	int64_t balance;
	unsigned count;
	long at[4096]; /* where each row begins */
};

static void
show_one(struct page *p, struct shown m)
{
	const struct portal *o = p->k->portal;

	if (o->paid_only && m.state != ENTRY_PAID)
		return;
	m.fee = m.out && m.state == ENTRY_PAID ? p->k->fee : 0;
	m.before = p->balance;
	if (p->count < sizeof p->at / sizeof *p->at)
		p->at[p->count++] = ftell(p->to);
	o->row(&m, p->to);
	if (o->fee_apart && m.fee > 0) {
		if (p->count < sizeof p->at / sizeof *p->at)
			p->at[p->count++] = ftell(p->to);
		o->fee(&m, p->to);
	}
	p->balance += net(&m) - m.fee;
}

static void
show_entry(struct page *p, const struct entry *e, int64_t index)
{
	const struct knobs *k = p->k;
	struct shown m = { .out = e->out,
		           .state = e->state,
		           .word = e->external_id,
		           .amount = amount_hundredths(e->amount),
		           .ms = e->accepted_ms + k->zone * 60000 };

	snprintf(m.txn, sizeof m.txn, "%s", e->txn);
	snprintf(m.number, sizeof m.number, "%s", e->number);
	snprintf(m.currency, sizeof m.currency, "%s", e->currency);
	uuid_text(&e->reference, m.reference);
	if (index == k->omit)
		return;
	if (index == k->other)
		m.amount += 100;
	if (index == k->flip)
		m.state = m.state == ENTRY_PAID ? ENTRY_FAILED : ENTRY_PAID;
	show_one(p, m);
	if (index == k->twice) {
		snprintf(m.txn, sizeof m.txn, "%s9", e->txn);
		show_one(p, m);
	}
}

static bool
is_of_day(const struct knobs *k, const struct entry *e)
{
	char day[40];

	return k->day[0] == '\0' ||
	       strcmp(moment(e->accepted_ms + k->zone * 60000, STAMP_DATE, day),
	              k->day) == 0;
}

static void
show_all(struct sim *s, struct page *p)
{
	const struct knobs *k = p->k;
	int64_t index = 0, last_ms = sim_now(s) + k->zone * 60000;

	for (const struct entry *e = book_first(s->book); e != NULL; e = e->next) {
		char day[40];

		if (strcmp(e->wire, k->portal->wire) != 0)
			continue;
		moment(e->accepted_ms + k->zone * 60000, STAMP_DATE, day);
		if (is_of_day(k, e)) {
			last_ms = e->accepted_ms + k->zone * 60000;
			show_entry(p, e, ++index);
		} else if (strcmp(day, k->day) < 0 && e->state == ENTRY_PAID) {
			p->balance += (e->out ? -1 : 1) * amount_hundredths(e->amount);
		}
	}
	for (int64_t i = 0; i < k->extra; i++) {
		struct shown m = { .state = ENTRY_PAID,
			           .word = "",
			           .amount = EXTRA,
			           .number = "255799999999",
			           .ms = last_ms };

		snprintf(m.txn, sizeof m.txn, "99%08d%s", (int)i, k->day + 8);
		snprintf(m.currency, sizeof m.currency, "%.3s", s->o.currencies);
		if (strcmp(k->portal->provider, "pawapay") == 0)
			snprintf(m.reference, sizeof m.reference,
			         "9f0c1bd2-6a43-4a1e-8b7c-0d3b6a2f%04d", (int)i);
		show_one(p, m);
	}
}

/* The rows again, the last one first. */
static void
turn_round(const struct page *p, const char *text, size_t n, FILE *to)
{
	size_t ends = n;

	fwrite(text, 1, p->count > 0 ? (size_t)p->at[0] : n, to);
	for (unsigned i = p->count; i-- > 0;) {
		fwrite(text + p->at[i], 1, ends - (size_t)p->at[i], to);
		ends = (size_t)p->at[i];
	}
}

static int64_t
number(const char *query, const char *name)
{
	char text[24];

	return form_get(query, strlen(query), name, text, sizeof text) > 0
	           ? strtoll(text, NULL, 10)
	           : 0;
}

static bool
read_knobs(const char *q, struct knobs *k)
{
	char name[16];

	*k = (struct knobs){ .zone = number(q, "zone"),
		             .omit = number(q, "omit"),
		             .other = number(q, "other"),
		             .flip = number(q, "flip"),
		             .extra = number(q, "extra"),
		             .twice = number(q, "twice"),
		             .fee = number(q, "fee") * 100,
		             .newest = number(q, "newest") == 1 };
	if (form_get(q, strlen(q), "day", k->day, sizeof k->day) < 0)
		k->day[0] = '\0';
	if (form_get(q, strlen(q), "provider", name, sizeof name) <= 0)
		return false;
	for (size_t i = 0; i < sizeof portals / sizeof *portals; i++)
		if (strcmp(portals[i].provider, name) == 0)
			k->portal = &portals[i];
	return k->portal != NULL;
}

void
show_statement(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct knobs k;
	struct page p = { .k = &k, .balance = s->o.float_minor };
	char *text = NULL, *turned = NULL;
	size_t n = 0, m = 0;
	FILE *again;

	if (!read_knobs(http_query(x), &k)) {
		http_answer_text(x, 400,
		                 "provider=mtn, airtel, daraja, vodacom, mpesamz, "
		                 "gsma, pawapay or orange\n");
		return;
	}
	p.to = open_memstream(&text, &n);
	fputs(k.portal->heading, p.to);
	show_all(s, &p);
	fclose(p.to);
	again = open_memstream(&turned, &m);
	if (k.newest)
		turn_round(&p, text, n, again);
	else
		fwrite(text, 1, n, again);
	fclose(again);
	http_answer(x, 200, "text/csv", turned, m);
	free(text);
	free(turned);
}
