/*
 * members - part of the facade (payments.h says how its calls behave): who
 * somebody is, the PIN that proves it, and how she stands.
 */
#ifndef PAYMENTS_FLOW_MEMBERS_H
#define PAYMENTS_FLOW_MEMBERS_H

#include "payments/flow/payments.h"
#include "payments/store/member.h"

typedef void member_cb(void *arg, const struct payments_answer *a,
                       const struct member *m);

/* cooperative_id 0: any; the one first joined wins.  A member still pending is found too
 * (state says so).  Reasons: not_found. */
struct payments_op *payments_member_find(struct flow_env *env, const char *msisdn,
                                         int32_t cooperative_id, member_cb *cb,
                                         void *arg);

typedef void cooperative_cb(void *arg, const struct payments_answer *a,
                            const struct cooperative *c);

/* Letter case does not matter.  Reasons: not_found. */
struct payments_op *payments_cooperative_find(struct flow_env *env, const char *code,
                                              cooperative_cb *cb, void *arg);

struct register_ask {
	const char *cooperative_code;
	const char *name;
	const char *language;
	const char *msisdn;
	const char *pin;
};

/* Stores a pending member with the PIN's hash, over any older pending one of this number.
 * Reasons: not_found (code), exists, bad_input (name), pin_weak. */
struct payments_op *payments_register_begin(struct flow_env *env,
                                            const struct register_ask *ask, member_cb *cb,
                                            void *arg);
/* The PIN again: makes the member active.  Reasons: pin_differs (begin anew), not_found.
 */
struct payments_op *payments_register_confirm(struct flow_env *env, const struct who *who,
                                              const char *pin, member_cb *cb, void *arg);

/* Reasons: pin_wrong, locked. */
struct payments_op *payments_pin_check(struct flow_env *env, const struct who *who,
                                       const char *pin, payments_cb *cb, void *arg);

/* Three screens, one PIN each, nothing kept by the caller: OLD proves who you are for
 * three minutes, NEW stores its hash aside, AGAIN compares and puts it in force. */
enum pin_step { PIN_OLD, PIN_NEW, PIN_AGAIN };

/* Reasons: pin_wrong, locked; pin_weak; pin_differs; expired (begin anew). */
struct payments_op *payments_pin_change(struct flow_env *env, const struct who *who,
                                        enum pin_step step, const char *pin,
                                        payments_cb *cb, void *arg);

struct unlock_ask {
	struct who who;        /* treasurer or officer */
	struct uuid member_id; /* whose PIN is locked  */
	const char *pin;       /* of who unlocks       */
	struct uuid key;
};

/* Opens a locked PIN again; it stays what it was.  Ok, and audited.
 * Reasons: pin_wrong, locked (who asks), not_allowed, own_work, stale (not a locked
 * member of this cooperative). */
struct payments_op *payments_member_unlock(struct flow_env *env,
                                           const struct unlock_ask *ask, payments_cb *cb,
                                           void *arg);

struct payments_op *payments_language_set(struct flow_env *env, const struct who *who,
                                          const char *language, payments_cb *cb,
                                          void *arg);

#define MEMBERS_PAGE 20

struct member_list {
	unsigned count; /* at most MEMBERS_PAGE */
	bool more;
	struct member at[MEMBERS_PAGE];
};

typedef void member_list_cb(void *arg, const struct payments_answer *a,
                            const struct member_list *list);

/* text: a part of a name, a member number, or a phone number; "" lists all. */
struct payments_op *payments_members(struct flow_env *env, const struct who *who,
                                     const char *text, unsigned skip, member_list_cb *cb,
                                     void *arg);

/* Who dials, and what waits for her: one question, as every session begins with it.
 * Reason: not_found. */
struct dialler {
	struct member member;
	unsigned approvals, prices; /* that she may decide, or confirm */
	unsigned lots;              /* that want her consent           */
};

typedef void dialler_cb(void *arg, const struct payments_answer *a,
                        const struct dialler *d);
struct payments_op *payments_dialler(struct flow_env *env, const char *msisdn,
                                     dialler_cb *cb, void *arg);

/* How a member stands. */
struct home {
	bool has_loan;           /* requested, approved or live                    */
	int64_t owed;            /* on the live loan                               */
	int64_t given_up;        /* of loans written off, what did not come back   */
	int64_t loan_limit;      /* what may be asked for today                    */
	int64_t member_balance;  /* what the cooperative owes this person          */
	int64_t price_fine_gram; /* 0: none valid today                            */
};

typedef void home_cb(void *arg, const struct payments_answer *a, const struct home *h);
struct payments_op *payments_home(struct flow_env *env, const struct who *who,
                                  home_cb *cb, void *arg);

#endif
