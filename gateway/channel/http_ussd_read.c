/* A request in a row's dialect, read. */
#include "gateway/channel/http_ussd.h"

#include "gateway/channel/xml_read.h"
#include "lib/json.h"
#include "ussd/core/dial.h"

#include <string.h>
#include <strings.h>

/* ---- one field ---- */

/* The text of a JSON string, number or bool. */
static long
json_value(const struct json *v, char *out, size_t cap)
{
	const char *text = json_text(v);
	int64_t number;
	bool truth;
	int n;

	out[0] = '\0';
	if (json_absent(v))
		return -1;
	if (text != NULL)
		n = snprintf(out, cap, "%s", text);
	else if (json_bool(v, &truth))
		n = snprintf(out, cap, "%s", truth ? "true" : "false");
	else if (json_i64(v, &number))
		n = snprintf(out, cap, "%lld", (long long)number);
	else
		return -2;
	if (n < 0 || (size_t)n >= cap) {
		out[0] = '\0';
		return -2;
	}
	return n;
}

static long
json_field(const char *body, size_t n, const char *path, char *out, size_t cap)
{
	struct err err;
	struct json *doc = json_parse(body, n, &err);
	const struct json *at = doc;

	out[0] = '\0';
	if (doc == NULL)
		return -2;
	while (at != NULL) {
		char key[48];
		size_t len = strcspn(path, ".");

		if (len >= sizeof key)
			at = NULL;
		if (at == NULL)
			break;
		memcpy(key, path, len);
		key[len] = '\0';
		at = json_get(at, key);
		if (path[len] == '\0')
			break;
		path += len + 1;
	}
	long got = at == NULL ? -1 : json_value(at, out, cap);
	json_free(doc);
	return got;
}

static long
xml_field(const char *body, size_t n, const char *name, char *out, size_t cap)
{
	char element[48];
	size_t len = strcspn(name, "@");

	if (name[len] == '\0')
		return xml_text(body, n, name, out, cap);
	out[0] = '\0';
	if (len >= sizeof element)
		return -1;
	memcpy(element, name, len);
	element[len] = '\0';
	return xml_attribute(body, n, element, name + len + 1, out, cap);
}

/* The part of the path that stands for {name} in the row's pattern. */
static long
path_field(const char *pattern, const char *path, const char *name, char *out, size_t cap)
{
	out[0] = '\0';
	while (*pattern != '\0') {
		size_t want = strcspn(pattern, "/"), have = strcspn(path, "/");

		if (want > 2 && *pattern == '{' && strlen(name) == want - 2 &&
		    strncmp(pattern + 1, name, want - 2) == 0) {
			if (have == 0)
				return -1;
			if (have >= cap)
				return -2;
			memcpy(out, path, have);
			out[have] = '\0';
			return (long)have;
		}
		pattern += want + (pattern[want] == '/');
		path += have + (path[have] == '/');
	}
	return -1;
}

static long
header_field(const struct http_ussd_request *rq, const char *name, char *out, size_t cap)
{
	const char *value = rq->header == NULL ? NULL : rq->header(rq->header_arg, name);

	out[0] = '\0';
	if (value == NULL)
		return -1;
	if (strlen(value) >= cap)
		return -2;
	return snprintf(out, cap, "%s", value);
}

/* Leaves the nth word of out, of those apart by spaces. */
static long
keep_word(char *out, unsigned nth)
{
	const char *at = out + strspn(out, " ");

	for (unsigned i = 1; i < nth; i++) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	size_t n = strcspn(at, " ");
	memmove(out, at, n);
	out[n] = '\0';
	return n == 0 ? -1 : (long)n;
}

static long
one_field(const struct http_ussd_row *row, const struct http_ussd_request *rq,
          const char *name, char *out, size_t cap)
{
	static const char in_header[] = "header:";

	if (strncmp(name, in_header, sizeof in_header - 1) == 0)
		return header_field(rq, name + sizeof in_header - 1, out, cap);
	long got = form_get(rq->query, strlen(rq->query), name, out, cap);

	if (got == -1)
		got = path_field(row->path, rq->path, name, out, cap);
	if (got != -1 || rq->n == 0)
		return got;
	return strcmp(row->body, "json") == 0
	           ? json_field(rq->body, rq->n, name, out, cap)
	       : strcmp(row->body, "xml") == 0
	           ? xml_field(rq->body, rq->n, name, out, cap)
	       : strcmp(row->body, "xmlrpc") == 0
	           ? xml_member(rq->body, rq->n, name, out, cap)
	           : form_get(rq->body, rq->n, name, out, cap);
}

/* The next of the alternatives in *names, which moves behind it; false at the end. */
static bool
next_word(const char **names, char *out, size_t cap)
{
	size_t n = strcspn(*names, "|");

	if (n == 0 || n >= cap)
		return false;
	memcpy(out, *names, n);
	out[n] = '\0';
	*names += n + ((*names)[n] == '|');
	return true;
}

long
http_ussd_field(const struct http_ussd_row *row, const struct http_ussd_request *rq,
                const char *names, char *out, size_t cap)
{
	char name[64];
	long got = -1;

	out[0] = '\0';
	while (got == -1 && next_word(&names, name, sizeof name)) {
		char *mark = strchr(name, '#');
		unsigned nth = mark == NULL ? 0 : (unsigned)(mark[1] - '0');

		if (mark != NULL)
			*mark = '\0';
		got = one_field(row, rq, name, out, cap);
		if (got > 0 && nth >= 1 && nth <= 9)
			got = keep_word(out, nth);
	}
	return got;
}

/* ---- the whole ---- */

static bool
is_method(const struct http_ussd_row *row, const char *method)
{
	const char *words = row->method;
	char word[16];

	while (next_word(&words, word, sizeof word)) {
		if (strcmp(word, method) == 0)
			return true;
	}
	return false;
}

/* Ids and codes go into keys and log lines: printable, no spaces. */
static bool
is_plain(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s <= ' ' || *s > '~')
			return false;
	}
	return true;
}

static const char *
read_names(const struct http_ussd_row *row, const struct http_ussd_request *rq,
           struct hop *hop)
{
	long code = http_ussd_field(row, rq, row->code, hop->code, sizeof hop->code);

	if (http_ussd_field(row, rq, row->session, hop->session, sizeof hop->session) <
	        1 ||
	    !is_plain(hop->session))
		return "the session's id is missing, too long or not printable";
	if (code == -2 || !is_plain(hop->code))
		return "the service code is too long or not printable";
	if (code < 1)
		snprintf(hop->code, sizeof hop->code, "%s", rq->code);
	if (http_ussd_field(row, rq, row->network, hop->network, sizeof hop->network) <
	        1 ||
	    !is_plain(hop->network))
		hop->network[0] = '\0';
	if (http_ussd_field(row, rq, row->hop_id, hop->hop_id, sizeof hop->hop_id) < 1 ||
	    !is_plain(hop->hop_id))
		hop->hop_id[0] = '\0';
	return NULL;
}

/* A notice that a session is over may leave the number out. */
static const char *
read_number(const struct http_ussd_row *row, const struct http_ussd_request *rq,
            struct hop *hop)
{
	char number[40];
	const char *digits = number;

	if (http_ussd_field(row, rq, row->msisdn, number, sizeof number) < 1)
		return hop->kind == HOP_BEGIN || hop->kind == HOP_CONTINUE
		           ? "the phone number is missing"
		           : NULL;
	if (strncasecmp(digits, "tel:", 4) == 0)
		digits += 4;
	digits += strspn(digits, " "); /* a plus nobody encoded */
	return msisdn_parse(digits, strlen(digits), msisdn_country(rq->country),
	                    &hop->msisdn)
	           ? NULL
	           : "the phone number is not one: +255712345678";
}

static bool
is_one_of(const char *words, const char *text)
{
	char word[64];

	while (next_word(&words, word, sizeof word)) {
		size_t n = strlen(word);

		if (word[n - 1] == '*' ? strncasecmp(text, word, n - 1) == 0
		                       : strcasecmp(text, word) == 0)
			return true;
	}
	return false;
}

static bool
has_one_of(const char *elements, const struct http_ussd_request *rq)
{
	char word[64];

	while (next_word(&elements, word, sizeof word)) {
		if (xml_has(rq->body, rq->n, word))
			return true;
	}
	return false;
}

static bool
is_said(const struct http_ussd_row *row, const struct http_ussd_request *rq,
        const char *words, const char *kind)
{
	return strcmp(row->kind, "<>") == 0 ? has_one_of(words, rq)
	                                    : is_one_of(words, kind);
}

static bool
is_hung_up(const struct http_ussd_row *row, const struct http_ussd_request *rq)
{
	char value[64];
	long got = http_ussd_field(row, rq, row->abort_if, value, sizeof value);

	return got == -2 || (got > 0 && !is_one_of("0|null|false|no", value));
}

static size_t
digits_of(const char *text, char out[HOP_CODE_SIZE])
{
	size_t n = 0;

	for (; *text != '\0' && n + 1 < HOP_CODE_SIZE; text++) {
		if (*text >= '0' && *text <= '9')
			out[n++] = *text;
	}
	out[n] = '\0';
	return n;
}

/* Is it what was dialled: whole, or the code (and more) without '*' and '#' around? */
static bool
is_dialled(const char *input, const char *code)
{
	char a[HOP_CODE_SIZE], b[HOP_CODE_SIZE];
	size_t n = strlen(input);
	struct dial_text rest;

	if ((n > 2 && input[0] == '*' && input[n - 1] == '#') ||
	    dial_behind(code, input, n, &rest))
		return true;
	return n < HOP_CODE_SIZE && strspn(input, "0123456789*") == n &&
	       digits_of(code, b) > 0 && digits_of(input, a) > 0 && strcmp(a, b) == 0;
}

/* The kind where no field tells it. */
static enum hop_kind
kind_by_input(const struct http_ussd_row *row, const struct http_ussd_hop *h)
{
	bool begins = strcmp(row->starts, "empty") == 0 ? h->text[0] == '\0'
	              : strcmp(row->starts, "code") == 0
	                  ? h->text[0] == '\0' || is_dialled(h->text, h->hop.code)
	                  : false;

	return begins ? HOP_BEGIN : HOP_CONTINUE;
}

static const char *
read_kind(const struct http_ussd_row *row, const struct http_ussd_request *rq,
          struct http_ussd_hop *out)
{
	const struct {
		const char *words;
		enum hop_kind kind;
	} rows[] = { { row->begin, HOP_BEGIN },
		     { row->end, HOP_END },
		     { row->abort, HOP_ABORT },
		     { row->timeout, HOP_TIMEOUT },
		     { row->go_on, HOP_CONTINUE } };

	/* Where the input itself may tell, it is no word but a screen's answer. */
	char said[200] = "";
	long got;

	out->hop.kind = HOP_ABORT;
	if (is_hung_up(row, rq))
		return NULL;
	out->hop.kind = kind_by_input(row, out);
	if (row->kind[0] == '\0')
		return NULL;
	got = strcmp(row->kind, "<>") == 0
	          ? 1
	          : http_ussd_field(row, rq, row->kind, said, sizeof said);
	for (size_t i = 0; got >= 0 && i < sizeof rows / sizeof rows[0]; i++) {
		if (!is_said(row, rq, rows[i].words, said))
			continue;
		out->hop.kind = rows[i].kind;
		explicit_bzero(said, sizeof said);
		return NULL;
	}
	explicit_bzero(said, sizeof said);
	return row->starts[0] == '\0'
	           ? "it does not say whether a session begins, goes on "
	             "or is over"
	           : NULL;
}

/* Leaves of the text what is to be kept. */
static void
keep_text(struct http_ussd_hop *h, const struct dial_text *keep)
{
	size_t len = keep->len;

	memmove(h->text, keep->at, len);
	explicit_bzero(h->text + len, sizeof h->text - len);
}

/* Cuts the service code off: *rest is "1*2" of "*384*77*1*2#", and nothing where another
 * code was dialled.  The request may name only the code that we share with others
 * ("384"), so ours decides, and theirs counts if it is longer. */
static bool
behind_code(const struct http_ussd_request *rq, const struct http_ussd_hop *h,
            struct dial_text *rest)
{
	struct dial_text behind_theirs;
	size_t n = strlen(h->text);

	if (!dial_behind(rq->code, h->text, n, rest))
		return false;
	if (dial_behind(h->hop.code, h->text, n, &behind_theirs) &&
	    behind_theirs.len < rest->len)
		*rest = behind_theirs;
	return true;
}

/* Where the code is repeated with every input, any that they name will do. */
static void
strip_code(const struct http_ussd_request *rq, struct http_ussd_hop *h)
{
	struct dial_text rest;

	if (behind_code(rq, h, &rest) ||
	    dial_behind(h->hop.code, h->text, strlen(h->text), &rest))
		keep_text(h, &rest);
}

static const char *
read_input(const struct http_ussd_row *row, const struct http_ussd_request *rq,
           struct http_ussd_hop *out)
{
	long got = http_ussd_field(row, rq, row->input, out->text, sizeof out->text);

	if (got == -2)
		return "the input is too long or wrongly encoded";
	out->hop.cumulative = strcmp(row->typed, "last") != 0;
	if (strcmp(row->typed, "code") == 0)
		strip_code(rq, out);
	return NULL;
}

/* Of what was dialled only what stands behind the code is kept; and nothing of a notice,
 * which repeats answers. */
static void
settle_input(const struct http_ussd_request *rq, struct http_ussd_hop *out)
{
	bool begins = out->hop.kind == HOP_BEGIN;
	bool answers = out->hop.kind == HOP_CONTINUE || (begins && out->hop.cumulative);
	struct dial_text rest;

	if (begins && !answers && behind_code(rq, out, &rest))
		keep_text(out, &rest);
	else if (!answers)
		explicit_bzero(out->text, sizeof out->text);
	out->hop.input = out->text;
	out->hop.input_len = strlen(out->text);
}

const char *
http_ussd_read(const struct http_ussd_row *row, const struct http_ussd_request *rq,
               struct http_ussd_hop *out)
{
	const char *wrong;

	memset(out, 0, sizeof *out);
	out->hop.channel = row->name;
	out->hop.input = "";
	if (!is_method(row, rq->method))
		return "another method is expected";
	wrong = read_names(row, rq, &out->hop);
	if (wrong == NULL)
		wrong = read_input(row, rq, out);
	if (wrong == NULL)
		wrong = read_kind(row, rq, out);
	if (wrong == NULL)
		wrong = read_number(row, rq, &out->hop);
	if (wrong != NULL) {
		http_ussd_wipe(out);
		return wrong;
	}
	settle_input(rq, out);
	return NULL;
}

void
http_ussd_wipe(struct http_ussd_hop *h)
{
	explicit_bzero(h->text, sizeof h->text);
	h->hop.input = "";
	h->hop.input_len = 0;
}
