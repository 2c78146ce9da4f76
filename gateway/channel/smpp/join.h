/*
 * smpp_join - the parts of a long inbound text, collected until it is whole.
 *
 * Parts come out of order, twice, late or never.  A text is given out once, whole; one
 * that stays incomplete past its time is given up by name and nothing of it is read,
 * because half a command may say the opposite.  What was whole is remembered until its
 * time is over, so that a part delivered again does not begin anew.
 *
 * A part that takes the place of another with a different text begins a new text: phones
 * begin anew with their references.  Each number may have SMPP_JOIN_EACH texts open and
 * all together as many as the caller gave room for: then the oldest is given up.
 *
 * Pure: time is a parameter, the room is the caller's.  Texts may hold a PIN: what is
 * done with is wiped.  Parts wait in memory alone: those of a process that dies are lost,
 * and the sender has seen no answer.
 */
#ifndef GATEWAY_CHANNEL_SMPP_JOIN_H
#define GATEWAY_CHANNEL_SMPP_JOIN_H

#include "gateway/channel/smpp/text.h"

#define SMPP_JOIN_EACH    4
#define SMPP_JOIN_WAIT_MS 600000 /* a good time limit: ten minutes         */
#define SMPP_JOIN_PARTS   16     /* a text of more parts is refused        */
#define SMPP_ADDRESS_SIZE 22     /* 20 characters by SMPP, one to spare    */

enum smpp_joining_state { SMPP_JOINING_FREE, SMPP_JOINING_OPEN, SMPP_JOINING_DONE };

struct smpp_joining {
	enum smpp_joining_state state;
	char from[SMPP_ADDRESS_SIZE];
	char to[SMPP_ADDRESS_SIZE];
	enum smpp_cut_by cut_by;
	uint16_t reference;
	uint8_t total;
	uint8_t have;
	int64_t began_ms; /* of the first part: the time limit counts from here */

	struct {
		bool is_there;
		uint8_t len;
		uint8_t alphabet;
		struct gsm7_tables nation;
		uint64_t mark; /* of the content, to know it again */
		uint8_t bytes[SMPP_PART_MAX];
	} part[SMPP_JOIN_PARTS];
};

struct smpp_join {
	struct smpp_joining *room; /* the caller's; count of them */
	size_t count;
	int64_t wait_ms;
};

/* room need not be cleared before. */
void smpp_join_init(struct smpp_join *j, struct smpp_joining *room, size_t count,
                    int64_t wait_ms);

enum smpp_joined {
	SMPP_JOIN_WHOLE,    /* text holds it                                          */
	SMPP_JOIN_WAITING,  /* kept; more must come                                   */
	SMPP_JOIN_REPEATED, /* had it already: answer it, do nothing                  */
	SMPP_JOIN_REFUSED,  /* more parts, or a longer one, than we take              */
};

/* A text that will not be read. */
struct smpp_left {
	char from[SMPP_ADDRESS_SIZE];
	char to[SMPP_ADDRESS_SIZE];
	uint8_t total, have;
	const char *why; /* static text: "a part did not come in time", ... */
};

struct smpp_came {
	const char *from, *to; /* addresses as they came; longer ones are cut */
	const struct smpp_piece *piece;
};

/* A piece that is whole by itself is given out at once.  *text is cleared; it is written
 * with SMPP_JOIN_WHOLE only, and buf_ok tells if its room was too little.  left->why is
 * NULL, or says of a text that had to make way. */
enum smpp_joined smpp_join_add(struct smpp_join *j, const struct smpp_came *came,
                               int64_t now_ms, struct buf *text, struct smpp_left *left);

/* Gives up one text whose time is over: true and *left says of it; call until false. */
bool smpp_join_expire(struct smpp_join *j, int64_t now_ms, struct smpp_left *left);
/* When to call smpp_join_expire next; INT64_MAX if nothing waits. */
int64_t smpp_join_next_ms(const struct smpp_join *j);
/* Forgets everything, wiped. */
void smpp_join_wipe(struct smpp_join *j);

#endif
