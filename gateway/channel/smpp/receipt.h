/*
 * smpp_receipt - what became of a short message, in every SMSC's words.
 *
 * A receipt is a deliver_sm whose text says `id:.. stat:DELIVRD ..`, or whose TLVs do, or
 * both; fields are missing, in any order, in any case, with dates of four lengths.  What
 * it is not: an SMS of a person that looks like one.  Only esm_class and the TLVs make a
 * receipt.
 *
 * The id in it need not be the id of the answer to the submit: one SMSC answers in hex
 * and reports in decimal, another drops zeros.  Each bind has a rule by which both become
 * the same carrier_id: "bind:normal form".  The name of the bind is in it because two
 * SMSCs number from one.
 *
 * Pure.
 */
#ifndef GATEWAY_CHANNEL_SMPP_RECEIPT_H
#define GATEWAY_CHANNEL_SMPP_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMPP_ID_SIZE      66  /* 64 characters by SMPP, one to spare            */
#define SMPP_CARRIER_SIZE 100 /* of an outbox's carrier_id, with the bind's name */
#define SMPP_WORD_SIZE    16
#define SMPP_DATE_SIZE    15

/* As TLV message_state numbers them, and one for words nobody knows. */
enum smpp_state {
	SMPP_SCHEDULED,
	SMPP_ENROUTE,
	SMPP_DELIVERED,
	SMPP_EXPIRED,
	SMPP_DELETED,
	SMPP_UNDELIVERABLE,
	SMPP_ACCEPTED,
	SMPP_UNKNOWN, /* the SMSC has lost sight of it: final */
	SMPP_REJECTED,
	SMPP_SKIPPED,
	SMPP_NO_STATE, /* not said, or in no word we know: decides nothing */
};

/* "delivered", "undeliverable", ..; never NULL. */
const char *smpp_state_name(enum smpp_state state);
/* Delivered, expired, deleted, undeliverable, unknown, rejected and skipped are. */
bool smpp_state_final(enum smpp_state state);
/* The state after `now` once `heard` comes: a final one stays, and what is heard late of
 * the way there changes nothing. */
enum smpp_state smpp_state_after(enum smpp_state now, enum smpp_state heard);
/* A message of several parts: delivered when all are; as the first that failed for good;
 * else on its way (SMPP_ENROUTE). */
enum smpp_state smpp_state_of_parts(const enum smpp_state *part, size_t n);

/* What came. */
struct smpp_report_body {
	uint8_t esm_class;
	const char
	    *text; /* short_message or payload, as octets; borrowed; may hold NULs */
	size_t len;
	const char *receipted_id; /* TLV 001E without its NUL; NULL if absent */
	size_t receipted_len;
	int message_state;            /* TLV 0427; -1 if absent */
	const uint8_t *network_error; /* TLV 0423, three octets; NULL if absent */
};

struct smpp_receipt {
	char text_id[SMPP_ID_SIZE];     /* "" if the text has none            */
	char tlv_id[SMPP_ID_SIZE];      /* "" if there was no such TLV        */
	enum smpp_state state;          /* the text's word, else the TLV's    */
	char word[SMPP_WORD_SIZE];      /* the SMSC's own, upper case: "UNDELIV"; "" */
	char error[SMPP_WORD_SIZE];     /* err: of the text as it stands, else the TLV's
	                                   "3.45" */
	char submitted[SMPP_DATE_SIZE]; /* digits YYYYMMDDhhmm[ss], the SMSC's zone; "" */
	char done[SMPP_DATE_SIZE];
	int sent, delivered; /* sub: and dlvrd:; -1 if not said */
	bool intermediate;   /* a notice on the way, by esm_class */
};

/* Is it a receipt at all? */
bool smpp_is_receipt(const struct smpp_report_body *in);
/* False: a receipt without any id, which nobody can use. */
bool smpp_receipt_read(const struct smpp_report_body *in, struct smpp_receipt *out);

/* How the ids of one bind become comparable. */
enum smpp_id_rule {
	SMPP_ID_EXACT,   /* as they stand                                      */
	SMPP_ID_FOLD,    /* letter case and leading zeros do not count         */
	SMPP_ID_HEX,     /* numbers in hex everywhere                          */
	SMPP_ID_DEC,     /* numbers in decimal everywhere                      */
	SMPP_ID_HEX_DEC, /* hex in the answer to submit, decimal in receipts   */
	SMPP_ID_DEC_HEX, /* the other way round                                */
	SMPP_ID_TLV_HEX, /* hex in the answer and in the TLV, decimal in the text */
	SMPP_ID_RULES
};

/* "exact", "fold", "hex", "dec", "hex_dec", "dec_hex", "tlv_hex"; NULL beyond the last.
 */
const char *smpp_id_rule_name(enum smpp_id_rule rule);

/* Where an id was read. */
enum smpp_id_place { SMPP_ID_IN_ANSWER, SMPP_ID_IN_TEXT, SMPP_ID_IN_TLV };

struct smpp_id {
	enum smpp_id_rule rule;
	enum smpp_id_place place;
	const char *bind; /* the bind's name: letters, digits, '-' and '_' */
};

/* The carrier_id.  What is no number where the rule expects one is folded instead.
 * False if there is no id, or one of more than 64 characters, or with a space or a
 * control character in it. */
bool smpp_carrier_id(const struct smpp_id *how, const char *id, size_t n,
                     char out[SMPP_CARRIER_SIZE]);
/* That of a receipt: from the TLV if there is one, else from the text. */
bool smpp_receipt_carrier_id(enum smpp_id_rule rule, const char *bind,
                             const struct smpp_receipt *r, char out[SMPP_CARRIER_SIZE]);

/* Which rule makes the id of an answer and those of its receipt equal, the strictest
 * first; SMPP_ID_RULES if none does.  For the operator who sets up a bind. */
enum smpp_id_rule smpp_id_guess(const char *answer, const struct smpp_receipt *r);

#endif
