/*
 * session - what is remembered of a dialog between two hops: one compact Redis string.
 *
 * Holds where the member stands in the menu, who she is, and the last hop with its
 * answer, so that a repeated hop gets the same reply.  Never a PIN, never typed text.
 * May vanish at any time: nothing here is the truth about money.
 *
 * Pure.  The record starts with a format version; a record of another version, or one
 * that cannot be read, counts as no session.
 */
#ifndef USSD_CORE_SESSION_H
#define USSD_CORE_SESSION_H

#include "lib/ids.h"
#include "ussd/core/cumulative.h"
#include "ussd/core/hop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSION_MENU_MAX  1536 /* bytes of menu state                    */
#define SESSION_REPLY_MAX 640  /* bytes of a screen, UTF-8               */
#define SESSION_MAX       2816 /* bytes of a whole record                */
#define SESSION_KEY_SIZE  24   /* "s:{255712000100}" with the NUL        */

enum session_mode {
	SESSION_OPEN,  /* the menu waits for an answer      */
	SESSION_ENDED, /* kept only to repeat the last reply */
	SESSION_MODES
};

struct session {
	enum session_mode mode;
	char carrier[HOP_SESSION_SIZE]; /* the carrier's id of the session  */
	struct uuid dialog;             /* ours; keys of actions are made from it */
	int64_t started_ms, touched_ms;
	int64_t minute; /* wall time in minutes, and the hops in it so far */
	uint32_t hops;

	bool member; /* who she is is known; false while she registers */
	int32_t cooperative_id;
	struct uuid member_id;
	uint32_t roles;
	char number[12];
	char name[48];
	char language[4];
	char cooperative[48];
	char cooperative_code[16];
	char country[3];
	char currency[4];
	uint8_t exponent;
	uint32_t approvals, prices, lots; /* that waited when she dialled */

	uint64_t program; /* version of the menu program the state belongs to */
	uint8_t menu[SESSION_MENU_MAX];
	size_t menu_len;

	struct cumulative_last last; /* of cumulative channels                   */
	uint64_t hop; /* keyed hash of the last hop's own id, 0 if it had none */
	char reply[SESSION_REPLY_MAX + 1];
	bool reply_end;
};

/* "s:{255712000100}": the hash tag keeps all keys of a number on one Redis node. */
void session_key(const struct msisdn *number, char out[SESSION_KEY_SIZE]);
/* Bytes written, or 0 if a field is out of its bounds. */
size_t session_encode(const struct session *s, uint8_t out[SESSION_MAX]);
/* False if the bytes are not a whole, well-formed record; *out is then unusable. */
bool session_decode(const uint8_t *bytes, size_t n, struct session *out);

#endif
