/*
 * story_bed - the demo cooperative on a ledger_bed, and the facade's calls made to block.
 *
 * Each call leaves its answer in `got`; expect() compares it and asks the books whether
 * they still hold.
 */
#ifndef TESTS_INTEGRATION_STORY_BED_H
#define TESTS_INTEGRATION_STORY_BED_H

#include "payments/core/receipt.h"
#include "payments/flow/books.h"
#include "payments/flow/funds.h"
#include "payments/flow/loans.h"
#include "payments/flow/lots.h"
#include "payments/flow/members.h"
#include "payments/flow/prices.h"
#include "payments/flow/purpose.h"
#include "payments/flow/receipts.h"
#include "tests/integration/ledger_bed.h"

#define FLOAT_OPEN    INT64_C(1000000000)
#define TREASURER     "255754000200"
#define OFFICER       "255754000300"
#define NEEMA         "255712000100"
#define TREASURER_PIN "2580"
#define OFFICER_PIN   "1470"
#define NEEMA_PIN     "4826"

extern struct ledger_bed bed;
extern struct flow_env env;
extern struct who treasurer, officer, neema;

/* The latest answer of any call. */
struct story_answers {
	unsigned waiting;
	struct payments_answer answer;
	struct member member;
	struct loan_view loan;
	struct loan_offer offer;
	struct loan_list loans;
	struct lot_view lot;
	struct lot_list lots;
	struct price_view price;
	struct receipt_view receipt;
	struct receipt_list receipts;
	struct dialler dialler;
	struct home home;
	struct float_view cash;
	struct repayment repayment;
	struct err err;
};
extern struct story_answers got;

void on_plain(void *arg, const struct payments_answer *a);
void on_seed(void *arg, const struct payments_answer *a, int32_t cooperative_id);
void on_recorded(void *arg, const struct err *err);
void wait_all(unsigned n);
void books_balance(void);
void expect(enum outcome outcome, const char *reason);
int64_t balance(enum account_kind kind, const struct uuid *owner, const char *unit);
struct uuid fresh_key(void);
struct who find(const char *msisdn);
void join(const char *msisdn, const char *name, const char *pin);
int story_open(void **state);
int story_open_with_neema(void **state); /* and she is a member */
int story_close(void **state);
struct loan_ask neema_asks(int64_t amount);                      /* under a fresh key */
void offer(const char *product, int64_t amount, unsigned terms); /* to Neema */
void ask_loan(const struct who *who, int64_t amount, const char *pin, struct uuid key);
void decide(const struct who *who, const char *pin, struct uuid loan, bool approve,
            struct uuid key);
struct payment fetch_payment(const struct uuid *purpose_id);
void record_as(struct payment p, enum pay_state to);
void verdict(const struct uuid *purpose_id, enum pay_state to);
void lend(int64_t amount);
void weigh(int64_t mg, struct uuid key);
void consent(struct uuid lot, struct uuid key);
void pull(int64_t amount, struct uuid key);
void on_member(void *arg, const struct payments_answer *a, const struct member *v);
void on_loan(void *arg, const struct payments_answer *a, const struct loan_view *v);
void on_offer(void *arg, const struct payments_answer *a, const struct loan_offer *v);
void on_loans(void *arg, const struct payments_answer *a, const struct loan_list *v);
void on_lot(void *arg, const struct payments_answer *a, const struct lot_view *v);
void on_lots(void *arg, const struct payments_answer *a, const struct lot_list *v);
void on_price(void *arg, const struct payments_answer *a, const struct price_view *v);
void on_receipt(void *arg, const struct payments_answer *a, const struct receipt_view *v);
void on_receipts(void *arg, const struct payments_answer *a,
                 const struct receipt_list *v);
void on_dialler(void *arg, const struct payments_answer *a, const struct dialler *v);
void on_home(void *arg, const struct payments_answer *a, const struct home *v);
void on_cash(void *arg, const struct payments_answer *a, const struct float_view *v);
void on_repay(void *arg, const struct payments_answer *a, const struct repayment *v);

#endif
