#include "ussd/core/turn.h"

#include <string.h>

static uint64_t
fingerprint(const struct turn_rules *rules, const struct hop *hop)
{
	if (hop->hop_id[0] == '\0')
		return 0;
	return cumulative_hash(rules->key, hop->session, hop->hop_id,
	                       strlen(hop->hop_id));
}

static enum turn_kind
judge_known(const struct turn_rules *rules, const struct session *s,
            const struct hop *hop, struct turn *out)
{
	enum turn_kind again =
	    rules->now_ms - s->touched_ms <= rules->replay_ms ? TURN_REPLAY : TURN_BEGIN;

	if (hop->kind == HOP_BEGIN)
		return again;
	if (out->hop != 0 && out->hop == s->hop)
		return again;
	if (hop->cumulative) {
		struct cumulative_text all = { hop->input, hop->input_len }, part;

		switch (
		    cumulative_split(rules->key, hop->session, &s->last, &all, &part)) {
		case CUMULATIVE_REPEAT:
			return again;
		case CUMULATIVE_RESTART:
			return TURN_BEGIN;
		case CUMULATIVE_NEW:
			out->input = part.at;
			out->input_len = part.len;
			break;
		}
	}
	return s->mode == SESSION_ENDED ? TURN_REPLAY : TURN_STEP;
}

/* May we open a session on her phone?  An open one that has been silent for longer than
 * any carrier keeps it is over; only its place is lost. */
static bool
is_free(const struct turn_rules *rules, const struct session *s)
{
	int64_t silent = s == NULL ? INT64_MAX : rules->now_ms - s->touched_ms;

	return silent > (s != NULL && s->mode == SESSION_OPEN ? rules->replay_ms
	                                                      : TURN_SETTLED_MS);
}

static bool
is_of(const struct session *s, const struct hop *hop)
{
	return s != NULL && strcmp(s->carrier, hop->session) == 0;
}

/* Where a dialog begins: does the hop bring what was dialled behind the code?  A carrier
 * that repeats all that was typed begins with that.  It looks the same where Redis lost
 * the session; then her answers to menus lead her back to where she was, as far as menus
 * go.  Else it is an answer to a screen that we do not know. */
static bool
is_dialled(const struct session *s, const struct hop *hop)
{
	return hop->kind == HOP_BEGIN || (hop->cumulative && !is_of(s, hop));
}

void
turn_judge(const struct turn_rules *rules, const struct session *s, const struct hop *hop,
           struct turn *out)
{
	memset(out, 0, sizeof *out);
	out->input = hop->input;
	out->input_len = hop->input_len;
	out->hop = fingerprint(rules, hop);
	if (hop->cumulative) {
		out->last.len = (uint32_t)hop->input_len;
		out->last.hash =
		    cumulative_hash(rules->key, hop->session, hop->input, hop->input_len);
	}
	if (hop->kind == HOP_PUSH)
		out->kind = is_free(rules, s) ? TURN_BEGIN : TURN_CLOSE;
	else if (!hop_is_answered(hop->kind))
		out->kind = TURN_CLOSE;
	else
		out->kind = is_of(s, hop) ? judge_known(rules, s, hop, out) : TURN_BEGIN;
	if (out->kind == TURN_BEGIN && !is_dialled(s, hop))
		out->input_len = 0;
}
