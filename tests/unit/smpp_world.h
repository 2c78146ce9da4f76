/* A bind's life in virtual time: what happens is told, what it does is read as one line.
 *
 *   C connect   X close   B bind   E enquire_link   U unbind   N generic_nack   S<n> the
 *   n-th send   R<status> a response   F<n>:<outcome> finished   A alarm
 */
#ifndef TESTS_UNIT_SMPP_WORLD_H
#define TESTS_UNIT_SMPP_WORLD_H

/* cmocka wants the four first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/channel/smpp/session.h"
#include "gateway/channel/smpp/status.h"
#include "lib/buf.h"

#include <stdio.h>
#include <string.h>

#define SENDS 40

struct world {
	struct smpp_session s;
	int64_t now;
	struct smpp_send send[SENDS];
	uint8_t bytes[SENDS][64];
	unsigned sends;
	uint32_t asked; /* sequence of our last request */
	struct smpp_token token;
	char did[400];
};

static const struct smpp_session_options usual = {
	.system_id = "mgodi",
	.password = "secret08",
	.system_type = "",
	.range = "",
	.interface_version = 0x34,
	.window = { .size = 4, .per_second = 0, .response_ms = 5000 },
	.bind_ms = 8000,
	.enquire_ms = 30000,
	.seed = 42,
};

static inline uint32_t
word(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void
write_down(struct world *w, const struct smpp_action *a, struct buf *b)
{
	static const char *const outcomes[] = { "taken", "refused", "later", "not_sent",
		                                "lost" };
	uint32_t command;

	switch (a->act) {
	case SMPP_ACT_CONNECT:
		buf_puts(b, " C");
		return;
	case SMPP_ACT_CLOSE:
		buf_puts(b, " X");
		return;
	case SMPP_ACT_ALARM:
		buf_puts(b, " A");
		return;
	case SMPP_ACT_FINISHED:
		buf_printf(b, " F%d:%s", (int)(a->send - w->send),
		           outcomes[a->send->outcome]);
		return;
	case SMPP_ACT_WRITE:
		break;
	}
	command = word(a->bytes + 4);
	assert_int_equal(word(a->bytes), a->len);
	if ((command & SMPP_RESPONSE) == 0)
		w->asked = word(a->bytes + 12);
	if (a->send != NULL)
		buf_printf(b, " S%d", (int)(a->send - w->send));
	else if (command == SMPP_GENERIC_NACK)
		buf_printf(b, " N%x", word(a->bytes + 8));
	else if ((command & SMPP_RESPONSE) != 0)
		buf_printf(b, " R%x", word(a->bytes + 8));
	else
		buf_puts(b, command == SMPP_ENQUIRE_LINK ? " E"
		            : command == SMPP_UNBIND     ? " U"
		                                         : " B");
}

/* Everything it wants to do now, as one line. */
static inline const char *
does(struct world *w)
{
	struct smpp_action a;
	struct buf b;
	unsigned steps = 0;

	buf_init(&b, w->did, sizeof w->did);
	while (smpp_session_next(&w->s, w->now, &a)) {
		write_down(w, &a, &b);
		assert_true(++steps < 100);
	}
	assert_true(smpp_session_wake(&w->s) > w->now); /* it never spins */
	return w->did[0] == ' ' ? w->did + 1 : w->did;
}

#define DOES(w, what) assert_string_equal(does(w), what)

static inline void
begin(struct world *w, const struct smpp_session_options *o)
{
	memset(w, 0, sizeof *w);
	w->now = 1000000;
	smpp_session_init(&w->s, o, w->now);
	DOES(w, "C");
	smpp_session_connected(&w->s, w->now);
	DOES(w, "B");
}

static inline void
hear(struct world *w, uint32_t command, uint32_t status, uint32_t sequence)
{
	struct smpp_pdu p = { .command = command,
		              .status = status,
		              .sequence = sequence };

	if (command == (SMPP_SUBMIT_SM | SMPP_RESPONSE) && status == 0)
		snprintf(p.message_id, sizeof p.message_id, "id%u", sequence);
	(void)smpp_session_take(&w->s, &p, SMPP_READ, w->now, &w->token);
}

static inline void
bind_with(struct world *w, const struct smpp_session_options *o)
{
	begin(w, o);
	hear(w, SMPP_BIND_TRANSCEIVER | SMPP_RESPONSE, 0, w->asked);
	DOES(w, "");
	assert_int_equal(w->s.where, SMPP_BOUND);
}

static inline void
add(struct world *w, const char *number, uint64_t message)
{
	struct smpp_pdu p = { .command = SMPP_SUBMIT_SM };
	struct smpp_send *s = &w->send[w->sends];

	s->bytes = w->bytes[w->sends++];
	s->len = smpp_pdu_write(&p, s->bytes, sizeof w->bytes[0]);
	s->number = number;
	s->message = message;
	s->deadline_ms = w->now + 20000;
	smpp_session_send(&w->s, s);
}

static inline void
answer_send(struct world *w, unsigned i, uint32_t status)
{
	hear(w, SMPP_SUBMIT_SM | SMPP_RESPONSE, status, w->send[i].sequence);
}

/* Sleeps until it wants to do something; how long that was. */
static inline int64_t
sleep_until_due(struct world *w)
{
	int64_t began = w->now;

	w->now = smpp_session_wake(&w->s);
	return w->now - began;
}

#endif
