/* What carrier.c, out.c and in.c share; for them only. */
#ifndef GATEWAY_CHANNEL_SMPP_CARRIER_PARTS_H
#define GATEWAY_CHANNEL_SMPP_CARRIER_PARTS_H

#include "gateway/channel/smpp/carrier.h"
#include "gateway/channel/smpp/join.h"
#include "gateway/channel/smpp/receipt.h"
#include "gateway/channel/smpp/text.h"
#include "gateway/channel/smpp/ussd.h"
#include "lib/stream_listen.h"

#define SMPP_LINKS_MAX    (3 * SETTINGS_SMPP_BINDS) /* a pair, and one called */
#define SMPP_JOININGS     64
#define SMPP_RECENT       128
#define SMPP_LIVE_SETS    256
#define SMPP_LIVE_EACH    8
#define SMPP_CARRIER_TEXT 1200 /* of carrier_id: all parts */

struct smpp_parcel;
struct smpp_push;

/* A message of the peer that came lately. */
struct smpp_recent {
	uint64_t mark; /* of its content; 0: none */
	uint64_t id;
	const struct smpp_link *link; /* it came by, and which connection of it */
	uint32_t epoch;
	int64_t at_ms;
	bool refused; /* we asked for it again */
};

/* A USSD session that is open: which dial it is, as operators use their names again. */
struct smpp_live {
	char session[HOP_SESSION_SIZE];
	uint64_t dial;
	int64_t at_ms;
	bool only_dialled; /* nothing was typed in it yet */
};

struct smpp_carrier {
	struct smpp_deps deps;
	const struct settings_smpp *settings;
	struct smpp_style style;
	enum smpp_id_rule id_rule;
	struct smpp_ussd_preset dialect;
	const struct smpp_ussd_preset *ussd; /* &dialect; NULL: none */
	struct stream_tls *tls;
	unsigned links;
	struct smpp_link *link[SMPP_LINKS_MAX];
	struct stream_listener *listener; /* of outbinds; NULL: none */
	unsigned senders;                 /* how many of them may send; they come first */

	struct smpp_parcel *parcels;
	uint64_t messages;

	struct smpp_join join;
	struct smpp_joining joinings[SMPP_JOININGS];
	struct timer *join_late;
	struct smpp_recent recent[SMPP_RECENT];
	unsigned recent_at;
	uint64_t last_id;
	uint8_t key[16]; /* of the marks */
	struct smpp_live live[SMPP_LIVE_SETS][SMPP_LIVE_EACH];

	struct smpp_push *pushes;
	unsigned push_number; /* of the newest session of ours */
	bool push_ended;

	unsigned draining; /* links that have not ended yet */
	loop_cb *drained;
	void *drained_arg;
	struct smpp_carrier_counts count;
};

/* out.c */
void smpp_out_finished(void *carrier, struct smpp_send *send);
void smpp_out_free(struct smpp_carrier *c);
/* A screen, by the bind its hop came by if that may send; nobody waits for the outcome.
 */
void smpp_out_screen(struct smpp_carrier *c, struct smpp_link *came_by,
                     const struct smpp_ussd_back *back, const char *text, bool is_last);

/* A screen that opens a session; cb as of an SMS. */
void smpp_out_push(struct smpp_carrier *c, const struct smpp_ussd_out *out,
                   const char *text, carrier_cb *cb, void *arg);

/* push.c */
/* Her hop, named as we named it to the dialog: is it the answer that is waited for? */
void smpp_push_heard(struct smpp_carrier *c, const struct hop *hop);

/* in.c */
/* Operators give the same session name to one dial after another: which dial it is makes
 * it unique.  NULL if it is not known and does not begin. */
struct smpp_live *smpp_in_live(struct smpp_carrier *c, const char *session, bool begins);
/* A number that nothing before had. */
uint64_t smpp_in_fresh_id(struct smpp_carrier *c);
/* receipt_in.c: false if it is no delivery receipt. */
bool smpp_in_receipt(struct smpp_carrier *c, struct smpp_link *link,
                     const struct smpp_pdu *pdu, const struct smpp_token *token);
void smpp_in_message(void *carrier, struct smpp_link *link, const struct smpp_pdu *pdu,
                     const struct smpp_token *token);

#endif
