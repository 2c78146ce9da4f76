/* The ids of messages, made comparable. */
#include "gateway/channel/smpp/receipt.h"

#include <stdio.h>
#include <string.h>

#define ID_MAX (SMPP_ID_SIZE - 2)

/* How one id is written. */
enum form { FORM_EXACT, FORM_FOLD, FORM_HEX, FORM_DEC };

/* By place: the answer, the receipt's text, the receipt's TLV. */
static const struct {
	const char *name;
	enum form form[3];
} RULES[SMPP_ID_RULES] = {
	[SMPP_ID_EXACT] = { "exact", { FORM_EXACT, FORM_EXACT, FORM_EXACT } },
	[SMPP_ID_FOLD] = { "fold", { FORM_FOLD, FORM_FOLD, FORM_FOLD } },
	[SMPP_ID_HEX] = { "hex", { FORM_HEX, FORM_HEX, FORM_HEX } },
	[SMPP_ID_DEC] = { "dec", { FORM_DEC, FORM_DEC, FORM_DEC } },
	[SMPP_ID_HEX_DEC] = { "hex_dec", { FORM_HEX, FORM_DEC, FORM_DEC } },
	[SMPP_ID_DEC_HEX] = { "dec_hex", { FORM_DEC, FORM_HEX, FORM_HEX } },
	[SMPP_ID_TLV_HEX] = { "tlv_hex", { FORM_HEX, FORM_DEC, FORM_HEX } },
};

const char *
smpp_id_rule_name(enum smpp_id_rule rule)
{
	return rule < SMPP_ID_RULES ? RULES[rule].name : NULL;
}

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static void
fold(const char *id, size_t n, char out[SMPP_ID_SIZE])
{
	size_t len = 0;

	while (n > 1 && *id == '0') {
		id++;
		n--;
	}
	for (size_t i = 0; i < n; i++)
		out[len++] = lower(id[i]);
	out[len] = '\0';
}

static bool
consists_of(const char *id, size_t n, const char *digits)
{
	for (size_t i = 0; i < n; i++)
		if (strchr(digits, lower(id[i])) == NULL)
			return false;
	return true;
}

/* Decimal digits, as many as there are, in hex without leading zeros: a number of a base
 * grown digit by digit, lowest first. */
static void
dec_to_hex(const char *id, size_t n, char out[SMPP_ID_SIZE])
{
	uint8_t nibble[SMPP_ID_SIZE] = { 0 };
	size_t len = 1;

	for (size_t i = 0; i < n; i++) {
		unsigned carry = (unsigned)(id[i] - '0');

		for (size_t k = 0; k < len; k++) {
			carry += nibble[k] * 10U;
			nibble[k] = carry & 15;
			carry >>= 4;
		}
		if (carry > 0) /* ten times as much is one nibble more at most */
			nibble[len++] = (uint8_t)carry;
	}
	for (size_t k = 0; k < len; k++)
		out[k] = "0123456789abcdef"[nibble[len - 1 - k]];
	out[len] = '\0';
}

/* A number read as one is marked, so that hex "10" is not the "10" of who has none. */
static void
normal_form(enum form form, const char *id, size_t n, char out[SMPP_ID_SIZE + 1])
{
	*out = '#';
	if (form == FORM_HEX && n > 2 && id[0] == '0' && lower(id[1]) == 'x') {
		id += 2;
		n -= 2;
	}
	if (form == FORM_EXACT) {
		memcpy(out, id, n);
		out[n] = '\0';
	} else if (form == FORM_DEC && consists_of(id, n, "0123456789")) {
		dec_to_hex(id, n, out + 1);
	} else if (form == FORM_HEX && consists_of(id, n, "0123456789abcdef")) {
		fold(id, n, out + 1);
	} else {
		fold(id, n, out);
	}
}

bool
smpp_carrier_id(const struct smpp_id *how, const char *id, size_t n,
                char out[SMPP_CARRIER_SIZE])
{
	char normal[SMPP_ID_SIZE + 1];
	int len;

	out[0] = '\0';
	n = strnlen(id, n);
	if (n == 0 || n > ID_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (id[i] <= ' ' || id[i] > '~')
			return false;
	normal_form(RULES[how->rule].form[how->place], id, n, normal);
	len = snprintf(out, SMPP_CARRIER_SIZE, "%s:%s", how->bind, normal);
	return len > 0 && len < SMPP_CARRIER_SIZE;
}

bool
smpp_receipt_carrier_id(enum smpp_id_rule rule, const char *bind,
                        const struct smpp_receipt *r, char out[SMPP_CARRIER_SIZE])
{
	bool has_tlv = r->tlv_id[0] != '\0';
	struct smpp_id how = { rule, has_tlv ? SMPP_ID_IN_TLV : SMPP_ID_IN_TEXT, bind };
	const char *id = has_tlv ? r->tlv_id : r->text_id;

	return smpp_carrier_id(&how, id, strlen(id), out);
}

enum smpp_id_rule
smpp_id_guess(const char *answer, const struct smpp_receipt *r)
{
	for (unsigned rule = 0; rule < SMPP_ID_RULES; rule++) {
		struct smpp_id how = { (enum smpp_id_rule)rule, SMPP_ID_IN_ANSWER, "" };
		char of_answer[SMPP_CARRIER_SIZE], of_receipt[SMPP_CARRIER_SIZE];

		if (smpp_carrier_id(&how, answer, strlen(answer), of_answer) &&
		    smpp_receipt_carrier_id(how.rule, "", r, of_receipt) &&
		    strcmp(of_answer, of_receipt) == 0)
			return how.rule;
	}
	return SMPP_ID_RULES;
}
