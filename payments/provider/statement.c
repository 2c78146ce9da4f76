/* Reading the rows of a statement by its form.  The forms: statement_forms.c; amounts and
 * times: statement_value.c. */
#include "payments/provider/statement.h"

#include <string.h>
#include <strings.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The text without the blanks around it. */
static const char *
trimmed(const char *text, size_t *n)
{
	while (is_blank(*text))
		text++;
	*n = strlen(text);
	while (*n > 0 && is_blank(text[*n - 1]))
		(*n)--;
	return text;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* ---- heading --------------------------------------------------------------------------
 */

/* The field that holds one of the alternatives, the first alternative first; -1 none. */
static int
find_heading(const char *alternatives, const char *const *fields, unsigned n)
{
	while (alternatives != NULL && *alternatives != '\0') {
		size_t want = strcspn(alternatives, "|"), have;

		for (unsigned i = 0; i < n; i++) {
			const char *field = trimmed(fields[i], &have);

			if (have == want && strncasecmp(field, alternatives, want) == 0)
				return (int)i;
		}
		alternatives += want + (alternatives[want] == '|');
	}
	return -1;
}

static bool
is_needed(const struct statement_form *form, unsigned c)
{
	return form->heading[c] != NULL &&
	       (c == COL_TXN || c == COL_TIME || c == COL_CLOCK || c == COL_STATUS ||
	        c == COL_TYPE || c == COL_AMOUNT || c == COL_PAID_IN ||
	        c == COL_WITHDRAWN);
}

const char *
statement_heading_misses(const struct statement_form *form, const char *const *fields,
                         unsigned n)
{
	for (unsigned c = 0; c < STATEMENT_COLUMNS; c++)
		if (is_needed(form, c) && find_heading(form->heading[c], fields, n) < 0)
			return form->heading[c];
	return NULL;
}

bool
statement_heading(const struct statement_form *form, const char *const *fields,
                  unsigned n, struct statement_map *out)
{
	if (statement_heading_misses(form, fields, n) != NULL)
		return false;
	out->fields = n;
	for (unsigned c = 0; c < STATEMENT_COLUMNS; c++)
		out->at[c] = find_heading(form->heading[c], fields, n);
	return true;
}

/* ---- fields ---------------------------------------------------------------------------
 */

struct reading {
	const struct statement_form *form;
	const struct statement_map *map;
	const struct statement_account *account;
	const char *const *fields;
	struct statement_line *line;
	struct statement_fault *fault;
};

static int
wrong(struct reading *r, enum statement_column c, const char *what, const char *todo)
{
	*r->fault = (struct statement_fault){ .what = what, .todo = todo, .column = c };
	return -1;
}

/* "" if there is no such column. */
static const char *
field(const struct reading *r, enum statement_column c, size_t *n)
{
	int at = r->map->at[c];

	return trimmed(at < 0 ? "" : r->fields[at], n);
}

/* How long a UTF-8 character with this first byte is; 0 if it is none. */
static size_t
utf8_announces(unsigned char c)
{
	return c < 0x80                ? 1
	       : c >= 0xc2 && c < 0xe0 ? 2
	       : c >= 0xe0 && c < 0xf0 ? 3
	       : c >= 0xf0 && c < 0xf5 ? 4
	                               : 0;
}

/* Over-long forms, surrogates, and what lies beyond the last plane. */
static bool
is_no_character(unsigned char first, unsigned char second)
{
	return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
	       (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
}

/* The length of the UTF-8 character that stands here; 0 if none does. */
static size_t
utf8_length(const char *s)
{
	size_t n = utf8_announces((unsigned char)*s);

	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
	if (n > 1 && is_no_character((unsigned char)s[0], (unsigned char)s[1]))
		return 0;
	return n;
}

/* Portals write what they like; what is kept is text. */
static void
make_text(char *s)
{
	size_t n;

	for (; *s != '\0'; s += n) {
		n = utf8_length(s);
		if (n == 0 || (n == 1 && (unsigned char)*s < ' ')) {
			*s = n == 0 ? '?' : ' ';
			n = 1;
		}
	}
}

/* What fits of it, without the last bytes of a character cut in two. */
static void
copy(const char *from, size_t n, char *out, size_t cap)
{
	if (n >= cap) {
		n = cap - 1;
		while (n > 0 && ((unsigned char)from[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, from, n);
	out[n] = '\0';
	make_text(out);
}

static bool
says(const char *text, size_t n, const char *word)
{
	size_t want = strlen(word);

	for (size_t i = 0; i + want <= n; i++)
		if ((i == 0 || !is_letter(text[i - 1])) &&
		    (i + want == n || !is_letter(text[i + want])) &&
		    strncasecmp(text + i, word, want) == 0)
			return true;
	return false;
}

/* -1 if no word of the list stands there. */
static int
meaning(const struct statement_word *words, const char *text, size_t n)
{
	for (; words != NULL && words->text != NULL; words++)
		if (says(text, n, words->text))
			return words->means;
	return -1;
}

static void
read_number(struct reading *r)
{
	enum statement_column c = r->line->amount < 0 ? COL_TO : COL_FROM;
	const char *text;
	size_t n, run;

	text = field(r, r->map->at[COL_NUMBER] >= 0 ? COL_NUMBER : c, &n);
	for (size_t i = 0; i<n; i += run> 0 ? run : 1) {
		run = strspn(text + i, "0123456789");
		if (run >= 7 && run <= 15) {
			copy(text + i, run, r->line->number, sizeof r->line->number);
			return;
		}
	}
}

/* A UUID with its dashes or without, as some providers want it. */
static bool
read_uuid(const char *text, size_t n, struct uuid *out)
{
	char dashed[UUID_TEXT_SIZE];
	size_t len = 0;

	if (n != 32)
		return uuid_parse(text, n, out);
	for (size_t i = 0; i < n; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			dashed[len++] = '-';
		dashed[len++] = text[i];
	}
	return uuid_parse(dashed, len, out);
}

static int
read_names(struct reading *r)
{
	struct statement_line *l = r->line;
	const char *text;
	size_t n;

	text = field(r, COL_TXN, &n);
	if (n >= sizeof l->txn)
		return wrong(r, COL_TXN, "is longer than any transaction id",
		             "see whether the columns have moved in this row");
	copy(text, n, l->txn, sizeof l->txn);
	text = field(r, COL_REFERENCE, &n);
	copy(text, n, l->said, sizeof l->said);
	if (!read_uuid(text, n, &l->reference))
		l->reference = (struct uuid){ { 0 } };
	text = field(r, COL_DETAILS, &n);
	copy(text, n, l->details, sizeof l->details);
	text = field(r, COL_CURRENCY, &n);
	if (n > 0 && (n != strlen(r->account->currency) ||
	              strncasecmp(text, r->account->currency, n) != 0))
		return wrong(
		    r, COL_CURRENCY, "is not the currency of this account",
		    "export the statement of one account; each is an entry of its "
		    "own in the settings");
	return 0;
}

/* ---- money ----------------------------------------------------------------------------
 */

/* 0 if nothing stands there; *there says whether. */
static int
read_amount(struct reading *r, enum statement_column c, int64_t *out, bool *there)
{
	char text[64];
	size_t n;
	const char *from = field(r, c, &n);

	*out = 0;
	*there = n > 0 && !(n == 1 && *from == '-');
	if (!*there)
		return 0;
	copy(from, n, text, sizeof text);
	if (n < sizeof text &&
	    statement_amount(text, r->form->decimal, r->account->exponent, out))
		return 0;
	return wrong(
	    r, c, "is no amount of this currency",
	    "write it with the usual decimals; thousands may be grouped by three");
}

/* Paid in or withdrawn: one of them, whatever sign stands before it. */
static int
read_two_columns(struct reading *r)
{
	int64_t in, out;
	bool some, more;

	if (read_amount(r, COL_PAID_IN, &in, &some) != 0 ||
	    read_amount(r, COL_WITHDRAWN, &out, &more) != 0)
		return -1;
	if (in != 0 && out != 0)
		return wrong(r, COL_PAID_IN, "and withdrawn both hold an amount",
		             "see whether the columns have moved in this row");
	if (in < 0)
		return wrong(r, COL_PAID_IN, "is negative",
		             "see whether the columns have moved in this row");
	r->line->amount = in != 0 ? in : out < 0 ? out : -out;
	return 0;
}

static int
read_one_column(struct reading *r, enum line_kind type)
{
	int64_t amount;
	bool there;

	if (read_amount(r, COL_AMOUNT, &amount, &there) != 0)
		return -1;
	if (amount > 0 && !r->form->signed_amounts) {
		if (type == LINE_NONE)
			return wrong(r, COL_TYPE, "is not a type we know",
			             "say what it is: --type 'WORD=in', 'WORD=out' or "
			             "'WORD=fee'");
		if (type != LINE_IN)
			amount = -amount;
	}
	r->line->amount = amount;
	return 0;
}

static int
read_money(struct reading *r)
{
	struct statement_line *l = r->line;
	const char *text;
	size_t n;
	int type;
	bool there;

	text = field(r, COL_TYPE, &n);
	type = meaning(r->account->types, text, n);
	if (type < 0)
		type = meaning(r->form->types, text, n);
	if (type < 0)
		type = LINE_NONE;
	if ((r->map->at[COL_AMOUNT] >= 0 ? read_one_column(r, (enum line_kind)type)
	                                 : read_two_columns(r)) != 0)
		return -1;
	if (l->amount == 0 && l->state == LINE_DONE)
		return wrong(r, r->map->at[COL_AMOUNT] >= 0 ? COL_AMOUNT : COL_PAID_IN,
		             "holds nothing, yet the row is done",
		             "see whether the columns have moved in this row");
	l->kind = type == LINE_FEE ? LINE_FEE : l->amount < 0 ? LINE_OUT : LINE_IN;
	if (read_amount(r, COL_FEE, &l->fee, &there) != 0)
		return -1;
	if (l->fee < 0)
		l->fee = -l->fee;
	return read_amount(r, COL_BALANCE, &l->balance, &l->has_balance);
}

/* ---- a row ----------------------------------------------------------------------------
 */

static int
read_state(struct reading *r)
{
	size_t n;
	const char *text = field(r, COL_STATUS, &n);
	int state;

	if (r->map->at[COL_STATUS] < 0) {
		r->line->state = LINE_DONE;
		return 0;
	}
	state = meaning(r->account->states, text, n);
	if (state < 0)
		state = meaning(r->form->states, text, n);
	if (state < 0)
		return wrong(r, COL_STATUS, "is not a status we know",
		             "say what it is: --status 'WORD=done', 'WORD=failed' or "
		             "'WORD=pending'");
	r->line->state = (enum line_state)state;
	return 0;
}

/* 1 if there is none. */
static int
read_time(struct reading *r)
{
	char text[80];
	size_t n, more;
	const char *date = field(r, COL_TIME, &n), *clock = field(r, COL_CLOCK, &more);

	if (n == 0 && r->line->state != LINE_DONE)
		return 1;
	if (n + more + 2 > sizeof text)
		n = more = 0;
	copy(date, n, text, sizeof text);
	if (more > 0) {
		text[n] = ' ';
		copy(clock, more, text + n + 1, sizeof text - n - 1);
	}
	if (!statement_time(text, r->form->year_first, &r->line->wall_s, &r->line->zoned))
		return wrong(r, COL_TIME, "is no date with a time of day",
		             r->form->year_first ? "write it as 2026-11-29 10:22:33"
		                                 : "write it as 29-11-2026 10:22:33");
	if (r->form->utc)
		r->line->zoned = true;
	return 0;
}

int
statement_read(const struct statement_reader *by, const char *const *fields, unsigned n,
               struct statement_line *out, struct statement_fault *fault)
{
	struct reading r = { by->form, by->map, by->account, fields, out, fault };
	int time;

	*out = (struct statement_line){ 0 };
	if (n != by->map->fields) {
		*fault = (struct statement_fault){
			.what = n < by->map->fields ? "has fewer fields than the heading"
			                            : "has more fields than the heading",
			.todo = "quote fields that hold the delimiter",
			.column = STATEMENT_COLUMNS,
		};
		return -1;
	}
	if (read_state(&r) != 0 || read_names(&r) != 0 || (time = read_time(&r)) < 0 ||
	    read_money(&r) != 0)
		return -1;
	read_number(&r);
	return time;
}
