#include "gateway/channel/smpp/session_write.h"

#include <stdio.h>
#include <string.h>

uint32_t
smpp_next_sequence(struct smpp_session *s)
{
	s->sequence = s->sequence >= SMPP_SEQUENCE_MAX ? 1 : s->sequence + 1;
	return s->sequence;
}

static bool
write_pdu(struct smpp_session *s, const struct smpp_pdu *p, struct smpp_action *out)
{
	out->act = SMPP_ACT_WRITE;
	out->bytes = s->scratch;
	out->len = smpp_pdu_write(p, s->scratch, sizeof s->scratch);
	return out->len > 0;
}

bool
smpp_write_bare(struct smpp_session *s, const struct smpp_reply *r,
                struct smpp_action *out)
{
	struct smpp_pdu p = { .command = r->command,
		              .status = r->status,
		              .sequence = r->sequence };

	return write_pdu(s, &p, out);
}

bool
smpp_write_bind(struct smpp_session *s, struct smpp_action *out)
{
	static const uint32_t commands[] = {
		[SMPP_TRANSCEIVER] = SMPP_BIND_TRANSCEIVER,
		[SMPP_TRANSMITTER] = SMPP_BIND_TRANSMITTER,
		[SMPP_RECEIVER] = SMPP_BIND_RECEIVER,
	};
	struct smpp_pdu p = { .command = commands[s->o.mode],
		              .interface_version = s->o.interface_version,
		              .range = { .ton = s->o.ton, .npi = s->o.npi } };
	bool fits;

	s->opened = false;
	p.sequence = s->bind_sequence = smpp_next_sequence(s);
	snprintf(p.system_id, sizeof p.system_id, "%s", s->o.system_id);
	snprintf(p.password, sizeof p.password, "%s", s->o.password);
	snprintf(p.system_type, sizeof p.system_type, "%s", s->o.system_type);
	snprintf(p.range.digits, sizeof p.range.digits, "%.40s", s->o.range);
	fits = write_pdu(s, &p, out);
	memset(p.password, 0, sizeof p.password);
	return fits;
}
