/*
 * product - what a cooperative lends: a kind, its names, its bounds and its contract.
 *
 * Pure.  Products are data: they come from config/products.conf, are stored by version
 * (payments/store/products.h), and a loan keeps the contract of the version it was asked
 * for with.  What the kinds are for:
 *   working    a member's own loan, paid back by instalments and by a share of each sale
 *   lease      an asset the cooperative buys: the member pays deposit_bp of its price
 *              first, instalments on the rest, and buyout_bp of its price at the end to
 *              own it.  Principal is the price without the deposit; amount_min and
 *              amount_max bound the price.
 *   group      one loan in parts: group_min..group_max members answer for each other,
 *              with guarantee_bp of each part held of their savings until all is paid;
 *              amount_min and amount_max bound each member's part
 *   emergency  small and short; as working
 *
 * Units:  money in minor units of `currency`; _bp hundredths of a percent.
 * Errors: ERR_RANGE as a fault: "contract.charges[0].pct: why".
 */
#ifndef PAYMENTS_CORE_PRODUCT_H
#define PAYMENTS_CORE_PRODUCT_H

#include "payments/core/loan.h"

#define PRODUCT_CODE_SIZE 16
#define PRODUCT_NAME_MAX  20 /* characters: a line of a menu beside its digit */
#define PRODUCT_NAME_SIZE (PRODUCT_NAME_MAX * 4 + 1)

/* All parts of a group change in one operation: OPERATION_LEGS_MAX. */
#define GROUP_MEMBERS_MAX 12

enum product_kind {
	PRODUCT_WORKING,
	PRODUCT_LEASE,
	PRODUCT_GROUP,
	PRODUCT_EMERGENCY,
	PRODUCT_KINDS
};

enum product_language { PRODUCT_EN, PRODUCT_SW, PRODUCT_FR, PRODUCT_LANGUAGES };

struct product {
	char code[PRODUCT_CODE_SIZE]; /* a-z 0-9 _: what loans and operators call it */
	uint32_t version;             /* as stored; 0: not stored yet               */
	enum product_kind kind;
	bool active;   /* false: kept for its loans, lent no more        */
	bool on_phone; /* a member may ask for it from the menu          */
	uint32_t position;
	char names[PRODUCT_LANGUAGES][PRODUCT_NAME_SIZE]; /* "" but in en: en's */
	char currency[4];
	uint32_t deposit_bp, buyout_bp; /* lease */
	uint32_t group_min, group_max;  /* group: members, at most GROUP_MEMBERS_MAX */
	uint32_t guarantee_bp;          /* group: of each part, held of her savings  */
	struct loan_product terms;      /* bounds, limits, contract: loan.h */
};

const char *product_kind_name(enum product_kind k); /* "working" */
/* The name in a member's language ("sw"); en's where there is none. */
const char *product_name(const struct product *p, const char *language);

/* May a member ask for it herself, with nothing but an amount? */
bool product_on_menu(const struct product *p);
/* Reads what product_write writes; what is left out is at its default.
 * -1: *fault says which field and why. */
int product_read(const struct json *in, struct product *out,
                 struct diag *fault) MUST_CHECK;
/* Puts the members into the object the caller has opened.  Two products are the same if
 * and only if they are written the same; version is left out. */
void product_write(struct json_writer *w, const struct product *p);
/* Everything that can be said without a loan: bounds, names, what its kind wants, and
 * that its contract makes a schedule at the least and the most. */
int product_check(const struct product *p, struct schedule *work,
                  struct diag *fault) MUST_CHECK;

#endif
