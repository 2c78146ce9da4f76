/*
 * payment_columns - what payment_read wants of a payment `p`, in its order.
 *
 * Only payments/store includes this.
 */
#ifndef PAYMENTS_STORE_PAYMENT_COLUMNS_H
#define PAYMENTS_STORE_PAYMENT_COLUMNS_H

#define PAYMENT_COLUMNS                                                                  \
	"p.cooperative_id, p.payment_id, p.reference, p.direction, p.provider, "         \
	"p.purpose, p.purpose_id, p.member_id, p.hold_id, p.msisdn, p.amount, "          \
	"p.currency, p.code, p.state, p.attempts, p.ladder_step, p.provider_txn, "       \
	"p.reason, p.created_ms, "                                                       \
	"(select u.exponent from currencies u where u.code = p.currency), "              \
	"p.sent_ms, p.maybe_taken, p.misses, p.missing_ms, p.attention, p.claim, "       \
	"p.part, p.rest, p.rest_hold_id, p.waits, "                                      \
	"p.handle, p.answer <> '', p.back_reference, p.back_txn, p.extra, "              \
	"p.back_amount, p.bulk_id is not null"

#endif
