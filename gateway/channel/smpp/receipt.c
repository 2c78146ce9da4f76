#include "gateway/channel/smpp/receipt.h"

#include <stdio.h>
#include <string.h>

#define ESM_KIND         0x3c
#define ESM_RECEIPT      0x04
#define ESM_INTERMEDIATE 0x20
#define CENTURY          "20"

static const struct {
	const char *name;
	bool is_final;
} STATES[] = {
	[SMPP_SCHEDULED] = { "scheduled", false },
	[SMPP_ENROUTE] = { "enroute", false },
	[SMPP_DELIVERED] = { "delivered", true },
	[SMPP_EXPIRED] = { "expired", true },
	[SMPP_DELETED] = { "deleted", true },
	[SMPP_UNDELIVERABLE] = { "undeliverable", true },
	[SMPP_ACCEPTED] = { "accepted", false },
	[SMPP_UNKNOWN] = { "unknown", true },
	[SMPP_REJECTED] = { "rejected", true },
	[SMPP_SKIPPED] = { "skipped", true },
	[SMPP_NO_STATE] = { "none", false },
};

/* The words of `stat:`, by their first letters: SMSCs write them out or cut them. */
static const struct {
	const char *begins;
	enum smpp_state state;
} WORDS[] = {
	{ "DELIV", SMPP_DELIVERED },       { "ACCEPT", SMPP_ACCEPTED },
	{ "ACKED", SMPP_ACCEPTED },        { "ENROUTE", SMPP_ENROUTE },
	{ "BUFF", SMPP_ENROUTE },          { "SCHED", SMPP_SCHEDULED },
	{ "EXPIRE", SMPP_EXPIRED },        { "DELETE", SMPP_DELETED },
	{ "UNDELIV", SMPP_UNDELIVERABLE }, { "FAILED", SMPP_UNDELIVERABLE },
	{ "UNKNOWN", SMPP_UNKNOWN },       { "REJECT", SMPP_REJECTED },
	{ "SKIP", SMPP_SKIPPED },
};

const char *
smpp_state_name(enum smpp_state state)
{
	return STATES[state].name;
}

bool
smpp_state_final(enum smpp_state state)
{
	return STATES[state].is_final;
}

enum smpp_state
smpp_state_after(enum smpp_state now, enum smpp_state heard)
{
	if (smpp_state_final(now) || heard == SMPP_NO_STATE)
		return now;
	if (heard == SMPP_SCHEDULED && now != SMPP_NO_STATE)
		return now;
	return heard;
}

enum smpp_state
smpp_state_of_parts(const enum smpp_state *part, size_t n)
{
	size_t delivered = 0;

	for (size_t i = 0; i < n; i++) {
		if (part[i] == SMPP_DELIVERED)
			delivered++;
		else if (smpp_state_final(part[i]))
			return part[i];
	}
	return n > 0 && delivered == n ? SMPP_DELIVERED : SMPP_ENROUTE;
}

/* ---- the text ---- */

/* A field's value: up to the next space; NULL at if there is none. */
struct value {
	const char *at;
	size_t n;
};

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

/* Does name stand at text, whatever the case, with a blank in it for one or more? */
static size_t
match_name(const char *text, size_t n, const char *name)
{
	size_t i = 0;

	for (; *name != '\0'; name++) {
		if (*name == ' ') {
			size_t blanks = 0;

			while (i + blanks < n && is_blank(text[i + blanks]))
				blanks++;
			if (blanks == 0)
				return 0;
			i += blanks;
		} else if (i < n && lower(text[i]) == *name) {
			i++;
		} else {
			return 0;
		}
	}
	return i;
}

/* The first field of that name ("stat:").  The message's own text stands last and may
 * hold anything: what is found before it wins, being found first. */
static struct value
find_field(const char *text, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		size_t len, from;

		if (i > 0 && !is_blank(text[i - 1]))
			continue;
		len = match_name(text + i, n - i, name);
		if (len == 0)
			continue;
		from = i + len;
		for (i = from; i < n && !is_blank(text[i]);)
			i++;
		return (struct value){ text + from, i - from };
	}
	return (struct value){ NULL, 0 };
}

static void
copy_value(char *out, size_t size, struct value v)
{
	size_t n = 0;

	for (; n < v.n && n + 1 < size; n++) /* for a log line: printable */
		out[n] = (char)(v.at[n] > ' ' && v.at[n] <= '~' ? v.at[n] : '?');
	out[n] = '\0';
}

static void
copy_upper(char *out, size_t size, struct value v)
{
	copy_value(out, size, v);
	for (; *out != '\0'; out++)
		if (*out >= 'a' && *out <= 'z')
			*out = (char)(*out - 'a' + 'A');
}

static int
small_number(struct value v)
{
	int sum = 0;

	if (v.n == 0 || v.n > 6)
		return -1;
	for (size_t i = 0; i < v.n; i++) {
		if (v.at[i] < '0' || v.at[i] > '9')
			return -1;
		sum = sum * 10 + (v.at[i] - '0');
	}
	return sum;
}

/* YYMMDDhhmm, YYMMDDhhmmss, YYYYMMDDhhmm or YYYYMMDDhhmmss.  Of the two with twelve
 * digits the one with the long year shows itself: as a short one its month would be
 * above 12. */
static void
copy_date(char out[SMPP_DATE_SIZE], struct value v)
{
	bool is_long, is_said = false;

	out[0] = '\0';
	for (size_t i = 0; i < v.n; i++) {
		if (v.at[i] < '0' || v.at[i] > '9')
			return;
		is_said = is_said || v.at[i] != '0';
	}
	if (!is_said || (v.n != 10 && v.n != 12 && v.n != 14))
		return;
	is_long = v.n == 14 || (v.n == 12 && memcmp(v.at, CENTURY, 2) == 0 &&
	                        memcmp(v.at + 2, "12", 2) > 0);
	snprintf(out, SMPP_DATE_SIZE, "%s%.*s", is_long ? "" : CENTURY, (int)v.n, v.at);
}

static enum smpp_state
state_of_word(const char *word)
{
	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
		if (strncmp(WORDS[i].begins, word, strlen(WORDS[i].begins)) == 0)
			return WORDS[i].state;
	return SMPP_NO_STATE;
}

static void
read_text(const char *text, size_t n, struct smpp_receipt *out)
{
	copy_value(out->text_id, sizeof out->text_id, find_field(text, n, "id:"));
	copy_upper(out->word, sizeof out->word, find_field(text, n, "stat:"));
	copy_value(out->error, sizeof out->error, find_field(text, n, "err:"));
	copy_date(out->submitted, find_field(text, n, "submit date:"));
	copy_date(out->done, find_field(text, n, "done date:"));
	out->sent = small_number(find_field(text, n, "sub:"));
	out->delivered = small_number(find_field(text, n, "dlvrd:"));
	out->state = state_of_word(out->word);
}

/* ---- the whole ---- */

static bool
has_tlvs(const struct smpp_report_body *in)
{
	return in->receipted_id != NULL && in->message_state >= 0;
}

bool
smpp_is_receipt(const struct smpp_report_body *in)
{
	uint8_t kind = in->esm_class & ESM_KIND;

	return kind == ESM_RECEIPT || kind == ESM_INTERMEDIATE || has_tlvs(in);
}

bool
smpp_receipt_read(const struct smpp_report_body *in, struct smpp_receipt *out)
{
	memset(out, 0, sizeof *out);
	out->intermediate = (in->esm_class & ESM_KIND) == ESM_INTERMEDIATE;
	read_text(in->text, in->len, out);
	if (in->receipted_id != NULL)
		copy_value(
		    out->tlv_id, sizeof out->tlv_id,
		    (struct value){ in->receipted_id,
		                    strnlen(in->receipted_id, in->receipted_len) });
	if (out->state == SMPP_NO_STATE && in->message_state >= 0 &&
	    in->message_state < SMPP_NO_STATE)
		out->state = (enum smpp_state)in->message_state;
	if (in->network_error != NULL && out->error[0] == '\0')
		snprintf(out->error, sizeof out->error, "%u.%u", in->network_error[0],
		         (unsigned)in->network_error[1] << 8 | in->network_error[2]);
	return out->text_id[0] != '\0' || out->tlv_id[0] != '\0';
}
