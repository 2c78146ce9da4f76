/* Receipts that a peer delivers: answered when they are in the books. */
#include "gateway/channel/smpp/carrier_parts.h"
#include "gateway/channel/smpp/status.h"
#include "lib/arena.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

struct receipt_in {
	struct smpp_carrier *carrier;
	struct smpp_link *link;
	struct smpp_token token;
};

static void
read_body(const struct smpp_pdu *pdu, struct smpp_report_body *out)
{
	const struct smpp_tlv *id = smpp_tlv_find(pdu, SMPP_TAG_RECEIPTED_MESSAGE_ID);
	const struct smpp_tlv *state = smpp_tlv_find(pdu, SMPP_TAG_MESSAGE_STATE);
	const struct smpp_tlv *error = smpp_tlv_find(pdu, SMPP_TAG_NETWORK_ERROR_CODE);
	size_t len;
	const uint8_t *text = smpp_pdu_text(pdu, &len);

	*out = (struct smpp_report_body){
		.esm_class = pdu->esm_class,
		.text = (const char *)text,
		.len = len,
		.message_state =
		    state != NULL && state->length == 1 ? state->value[0] : -1,
		.network_error =
		    error != NULL && error->length == 3 ? error->value : NULL,
	};
	if (id != NULL) {
		out->receipted_id = (const char *)id->value;
		out->receipted_len = strnlen((const char *)id->value, id->length);
	}
}

static void
on_kept(void *arg, bool kept)
{
	struct receipt_in *in = arg;

	in->carrier->count.reported += kept;
	smpp_link_reply(in->link, &in->token, kept ? SMPP_OK : SMPP_TEMPORARY);
	free(in);
}

static void
keep(struct smpp_carrier *c, struct smpp_link *link, const struct smpp_token *token,
     const char *id, const struct smpp_receipt *r)
{
	struct receipt_in *in = xzalloc(sizeof *in);

	*in = (struct receipt_in){ c, link, *token };
	if (!c->deps.report(c->deps.report_arg, id,
	                    r->state == SMPP_DELIVERED ? REPORT_DELIVERED : REPORT_FAILED,
	                    r->word[0] != '\0' ? r->word : smpp_state_name(r->state),
	                    on_kept, in))
		on_kept(in, false);
}

bool
smpp_in_receipt(struct smpp_carrier *c, struct smpp_link *link,
                const struct smpp_pdu *pdu, const struct smpp_token *token)
{
	struct smpp_report_body body;
	char id[SMPP_CARRIER_SIZE];
	struct smpp_receipt r;

	read_body(pdu, &body);
	if (!smpp_is_receipt(&body))
		return false;
	c->count.receipts++;
	if (!smpp_receipt_read(&body, &r) ||
	    !smpp_receipt_carrier_id(c->id_rule, c->settings->name, &r, id)) {
		c->count.unreadable++;
		log_warn(c->settings->name, "receipt_without_id", "bytes=%zu", body.len);
		/* it would not be better another time */
		smpp_link_reply(link, token, SMPP_OK);
		return true;
	}
	log_debug(c->settings->name, "receipt", "id=%s state=%s", id,
	          smpp_state_name(r.state));
	if (smpp_state_final(r.state))
		keep(c, link, token, id, &r);
	else
		smpp_link_reply(link, token, SMPP_OK);
	return true;
}
