/*
 * smpp_ussd - USSD over SMPP, which is not one dialect.
 *
 * Where the session's number stands, where the dialled code stands, which operation says
 * what, and how an end is said: one row of a table for each vendor.  A bind names its
 * row; nothing else knows the differences.
 *
 *   deliver_sm op 1 (the code) -> submit_sm op 2 (a screen) -> deliver_sm op 18 (what was
 *   typed) -> .. -> submit_sm op 17 (the last screen)
 *
 * Pure.  Where a vendor gives no session's number, or leaves it out, the bind and the
 * phone number are the session, one at a time, and a begin begins anew.  The text may
 * hold a PIN: who calls wipes it.
 */
#ifndef GATEWAY_CHANNEL_SMPP_USSD_H
#define GATEWAY_CHANNEL_SMPP_USSD_H

#include "ussd/core/hop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* TLV ussd_service_op. */
enum smpp_ussd_op {
	SMPP_OP_PSSD_IND = 0,
	SMPP_OP_PSSR_IND = 1, /* somebody dialled                           */
	SMPP_OP_USSR_REQ = 2, /* a screen that asks                         */
	SMPP_OP_USSN_REQ = 3, /* a screen that tells; the session goes on   */
	SMPP_OP_PSSD_RESP = 16,
	SMPP_OP_PSSR_RESP = 17, /* the last screen                           */
	SMPP_OP_USSR_CONF = 18, /* somebody typed                            */
	SMPP_OP_USSN_CONF = 19, /* our notice was shown                      */
	SMPP_OP_RELEASE = 129,  /* the session is over (USSREL)              */
	SMPP_OP_NONE = -1,
};

enum smpp_session_in {
	SMPP_SESSION_INFO, /* its_session_info: an octet of number, 7 bits of step, end */
	SMPP_SESSION_INFO_15,   /* its_session_info: 15 bits of number, end   */
	SMPP_SESSION_REFERENCE, /* user_message_reference */
	SMPP_SESSION_NONE, /* nowhere                                                   */
};

enum smpp_code_in { SMPP_CODE_TEXT, SMPP_CODE_DESTINATION };

struct smpp_ussd_preset {
	const char *name;
	enum smpp_session_in session;
	enum smpp_code_in code;   /* of the first deliver_sm */
	uint8_t ask;              /* operation of a screen that asks                 */
	uint8_t end;              /* operation of the last screen                    */
	bool end_bit;             /* ... and the end bit of its_session_info is set  */
	int release;              /* operation by which they say it is over; -1 none */
	bool can_push;            /* the vendor opens a session for us (op 2, op 3)  */
	const char *service_type; /* NULL: "USSD"                                  */
};

/* NULL if there is none of that name.  By index, for lists: NULL beyond the last. */
const struct smpp_ussd_preset *smpp_ussd_preset(const char *name);
const struct smpp_ussd_preset *smpp_ussd_preset_at(size_t i);

/* What an operator does otherwise than the preset: "" and -1 are as there. */
struct smpp_ussd_but {
	const char *session; /* "info", "info_15", "reference", "none"            */
	const char *code;    /* "text", "destination"                             */
	const char *end_bit; /* "yes", "no"                                       */
	int ask, end;
	int release; /* 0: none */
	const char *service_type;
};

/* The preset of that name, but for those.  False if there is none of that name, or if no
 * session's number is left in which the end bit could be set.  Borrows service_type. */
bool smpp_ussd_resolve(const char *name, const struct smpp_ussd_but *but,
                       struct smpp_ussd_preset *out);

/* What a deliver_sm or data_sm held. */
struct smpp_ussd_in {
	const char *bind; /* the bind's name */
	int op;           /* TLV ussd_service_op, SMPP_OP_NONE without it */
	bool has_info;
	uint16_t info; /* TLV its_session_info, big-endian */
	bool has_reference;
	uint16_t reference;       /* TLV user_message_reference */
	const char *service_type; /* borrowed, as all here */
	const char *source;       /* the phone */
	const char *destination;  /* the code, or our number */
	const char *service_code; /* what people dial to reach us, "*384*77#" */
	const char *text;         /* UTF-8, by smpp_text_utf8 */
	size_t text_len;
};

/* Does it belong to USSD at all?  The operation's TLV, or the service type. */
bool smpp_is_ussd(const struct smpp_ussd_preset *preset, const struct smpp_ussd_in *in);

/* What is needed to answer a hop; keep it until then. */
struct smpp_ussd_back {
	const struct smpp_ussd_preset *preset;
	uint16_t info; /* as it came; 0 */
	bool has_info;
	uint16_t reference; /* as it came */
	bool has_reference;
	char phone[24];  /* destination of the answer, as it came */
	char number[24]; /* source of the answer                  */
};

enum smpp_ussd_read {
	SMPP_USSD_HOP, /* *hop is to be given to the dialog; with HOP_END and HOP_ABORT
	                * nothing is answered                                         */
	SMPP_USSD_NOTHING, /* a confirmation that asks nothing */
	SMPP_USSD_WRONG, /* *why says what is wrong: nothing to answer to              */
};

/* hop->channel becomes "smpp"; hop->input points into in->text, or into in->destination
 * where more was dialled than the service code.  The session's text is bind/phone/number,
 * so that two phones with the same number do not meet. */
enum smpp_ussd_read smpp_ussd_read(const struct smpp_ussd_preset *preset,
                                   const struct smpp_ussd_in *in, struct hop *hop,
                                   struct smpp_ussd_back *back, const char **why);

/* What the submit_sm must hold beside the screen (smpp_screen_write). */
struct smpp_ussd_out {
	const char *service_type; /* borrowed from the preset */
	uint8_t op;
	bool has_info;
	uint16_t info;
	bool has_reference;
	uint16_t reference;
	const char *phone;  /* destination; borrowed from back */
	const char *number; /* source */
};

void smpp_ussd_answer(const struct smpp_ussd_back *back, bool is_last,
                      struct smpp_ussd_out *out);

/* Opens a session towards a phone, where the vendor does that: number is the session's,
 * chosen by the caller, below 128 and not in use; *out lacks phone and number.  asks:
 * with a screen that asks, else with one that tells.  False if the vendor cannot.  The
 * phone's answer comes in with op 18 or 19 and that number. */
bool smpp_ussd_push(const struct smpp_ussd_preset *preset, uint16_t number, bool asks,
                    struct smpp_ussd_out *out);

#endif
