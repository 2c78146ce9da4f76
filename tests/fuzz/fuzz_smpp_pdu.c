/* Any bytes as a stream of PDUs: each is read within its bytes, what was read is written
 * and read again the same, and a session takes it whatever it is. */
#include "gateway/channel/smpp/session.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static bool
is_text(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

static void
check_fields(const struct smpp_pdu *p)
{
	check(is_text(p->system_id, sizeof p->system_id));
	check(is_text(p->password, sizeof p->password));
	check(is_text(p->source.digits, sizeof p->source.digits));
	check(is_text(p->dest.digits, sizeof p->dest.digits));
	check(is_text(p->message_id, sizeof p->message_id));
	check(p->tlv_count <= SMPP_TLVS_MAX);
}

static void
check_again(const struct smpp_pdu *p)
{
	static uint8_t out[SMPP_PDU_MAX];
	static struct smpp_pdu again;
	size_t n = smpp_pdu_write(p, out, sizeof out);

	if (n == 0) /* the NUL that was missing does not fit */
		return;
	check(smpp_pdu_length(out, n) == (int32_t)n);
	check(smpp_pdu_read(out, n, &again) == SMPP_READ);
	check(again.command == p->command && again.sequence == p->sequence);
	if (p->status != 0 && (p->command & SMPP_RESPONSE) != 0)
		return; /* written without its body */
	check(strcmp(again.message_id, p->message_id) == 0);
	check(strcmp(again.dest.digits, p->dest.digits) == 0);
	check(again.short_length == p->short_length);
	check(again.tlv_count == p->tlv_count);
}

static void
start(struct smpp_session *s, int64_t now)
{
	static const struct smpp_session_options o = {
		.system_id = "id",
		.password = "word",
		.system_type = "",
		.range = "",
		.interface_version = 0x34,
		.window = { .size = 3, .response_ms = 1000 },
		.bind_ms = 1000,
		.enquire_ms = 1000,
		.seed = 7,
	};
	struct smpp_action a;

	smpp_session_init(s, &o, now);
	check(smpp_session_next(s, now, &a) && a.act == SMPP_ACT_CONNECT);
	smpp_session_connected(s, now);
	check(smpp_session_next(s, now, &a) && a.act == SMPP_ACT_WRITE);
}

/* One PDU, then everything the session wants. */
static void
feed(struct smpp_session *s, const struct smpp_pdu *p, enum smpp_fault fault, int64_t now)
{
	struct smpp_token token;
	struct smpp_action a;
	unsigned steps = 0;

	if (smpp_session_take(s, p, fault, now, &token))
		smpp_session_reply(s, &token, 0);
	while (smpp_session_next(s, now, &a))
		check(++steps < 10);
	check(smpp_session_wake(s) > now);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct smpp_session s;
	static struct smpp_pdu p;
	int64_t now = 1000000;

	start(&s, now);
	while (size > 0) {
		int32_t length = smpp_pdu_length(data, size);
		size_t n = length < 0 || (size_t)length > size || length == 0
		               ? size
		               : (size_t)length;
		uint8_t *block = malloc(n); /* one byte more is noticed */
		enum smpp_fault fault;

		check(block != NULL);
		memcpy(block, data, n);
		fault = smpp_pdu_read(block, n, &p);
		check_fields(&p);
		if (fault == SMPP_READ)
			check_again(&p);
		feed(&s, &p, fault, now);
		free(block);
		data += n;
		size -= n;
		now += 10;
	}
	return 0;
}
