/*
 * payment - one payout between two gateways, a lossy network and a provider.
 *
 * A model of payments/flow/carry.h and course.h over payments/schema/020_payments.sql, one
 * line here for one statement or decision there.  What is atomic here is one statement or
 * one ledger operation; between any two of them a gateway may sleep so long that its
 * claim lapses and the other one takes over, or for ever: then it has died.
 *
 *   claims    no promise: a claim lapses at any moment (payments_claim)
 *   network   a call may not leave (DOWN), be lost, arrive late, or its answer be lost
 *   provider  knows a reference: the second call with it is a duplicate.  It refuses or
 *             takes a call; what it took it pays or fails in its own time.  It indexes
 *             late: it may not find what it has taken.
 *   time      "not found" is believed (ladder_is_missing) only after a good while.  With
 *             LONG_ENOUGH that while outlasts every call that was sent or is about to be.
 *
 * Verified for all interleavings (tests/model/verify):
 *   once      the provider pays at most once, with LONG_ENOUGH or (ALL=1, slower) without
 *   agrees    with LONG_ENOUGH: what the ledger has released, the provider never pays;
 *             what the ledger has paid out, the provider has paid
 *   ends      every payment is settled or stands in somebody's list (attention)
 *
 * Two that must fail, or the model would see nothing: "once" with -DBLIND, a provider that
 * pays each call it takes; "agrees" with -DUNGUARDED, where who lost the claim may settle.
 * For "ends" claims lapse LAPSES times: a gateway late every time never gets anywhere.
 */
#define MISSES  2 /* believed after so many */
#define RUNGS   2 /* queries until a person is told */
#define TRIES   2 /* calls that came to nothing, until a person is told */

mtype = { CREATED, SENT, ACCEPTED, UNKNOWN, PAID, FAILED };  /* payments.state */
mtype = { V_ACCEPTED, V_DUPLICATE, V_REFUSED, V_DOWN, V_UNKNOWN, V_PAID, V_FAILED,
	V_PENDING, V_NOT_FOUND };  /* verdicts */
mtype = { NOTHING, TAKEN, DID_PAY, DID_FAIL };  /* the provider's book */

/* ---- the row, and the ledger ---- */
mtype state = CREATED;
bool maybe_taken, reason, attention;
byte misses, rung, tries;
byte claim;      /* 0: nobody's; else who and in which turn */
#ifdef LAPSES
byte lapses;     /* a gateway that is late every time never gets anywhere */
#endif
byte turn;       /* so that an old claim is not mistaken for a new one */
bool captured, voided;

/* ---- the provider, and what is under way to it ---- */
mtype book = NOTHING;
byte paid;       /* how often money moved */
byte flying;     /* calls that were sent and have not arrived */
byte about;      /* calls marked, not sent: their gateway sleeps or has died */

#define settled (state == PAID || state == FAILED)
#ifdef LONG_ENOUGH
#define IN_TIME (book == NOTHING && flying == 0 && about == 0)
#else
#define IN_TIME true
#endif

inline arrive(answer)
{
	if
#ifndef BLIND
	:: book != NOTHING -> answer = V_DUPLICATE
	:: book == NOTHING -> book = TAKEN; answer = V_ACCEPTED
#else
	:: book = TAKEN; answer = V_ACCEPTED
#endif
	:: book == NOTHING -> answer = V_REFUSED
	fi
}

active proctype Provider()
{
end:	do
	:: atomic { book == TAKEN -> book = DID_PAY; paid++ }
	:: atomic { book == TAKEN -> book = DID_FAIL }
	:: atomic { flying > 0 -> /* late: nobody hears the answer */
		mtype unheard;
		flying--;
		arrive(unheard) }
	od
}

/* Claims lapse by themselves: their owner sleeps, or is dead. */
active proctype Time()
{
end:	do
#ifdef LAPSES
	:: atomic { claim != 0 && !settled && lapses < LAPSES -> claim = 0; lapses++ }
#else
	:: atomic { claim != 0 && !settled -> claim = 0 }
#endif
	od
}

inline forget() /* so that equal states are one */
{
	mine = 0; from = 0; v = 0; believed_now = false;
	l_maybe = false; l_reason = false; l_attention = false;
	l_misses = 0; l_rung = 0; l_tries = 0
}

#ifdef UNGUARDED
#define HOLDS true
#else
#define HOLDS (claim == mine)
#endif

/* effect_payment_outcome: in the operation that moves the money. */
inline settle(to)
{
	if
	:: !settled && HOLDS ->
		state = to;
		if
		:: to == PAID -> captured = true
		:: else -> voided = true
		fi;
		claim = 0; forget()
	:: else -> forget() /* refused: not ours any more */
	fi
}

/* payment_heard: what was heard, and the claim given back. */
inline note(to)
{
	if
	:: claim == mine && !settled ->
		state = to; maybe_taken = l_maybe; misses = l_misses; rung = l_rung;
		reason = l_reason; tries = l_tries;
		attention = attention || l_attention;
		claim = 0
	:: else -> skip
	fi;
	forget()
}

inline ask_later(to)
{
	if
	:: l_rung >= RUNGS -> l_attention = true
	:: else -> skip
	fi;
	note(to)
}

inline after_submit()
{
	l_rung = 0;
	l_reason = false;
	if
	:: v == V_REFUSED && !l_maybe -> settle(FAILED)
	:: v == V_REFUSED && l_maybe -> l_reason = true; ask_later(UNKNOWN)
	:: v == V_DOWN && l_maybe -> ask_later(UNKNOWN)
	:: v == V_DOWN && !l_maybe ->
		l_tries = (l_tries < TRIES -> l_tries + 1 : l_tries);
		l_attention = (l_tries >= TRIES); /* "waiting" */
		note(CREATED)
	:: v == V_ACCEPTED -> l_maybe = true; ask_later(ACCEPTED)
	:: v == V_DUPLICATE || v == V_UNKNOWN -> l_maybe = true; ask_later(UNKNOWN)
	fi
}

inline missing()
{
	l_misses = (l_misses < MISSES -> l_misses + 1 : l_misses);
	if
	:: !(l_misses >= MISSES && (believed_now)) -> ask_later(UNKNOWN)
	:: (l_misses >= MISSES && (believed_now)) && l_reason -> settle(FAILED)
	:: (l_misses >= MISSES && (believed_now)) && !l_reason -> /* resend */
		l_maybe = true;
		l_tries = (l_tries < TRIES -> l_tries + 1 : l_tries);
		l_attention = (l_tries >= TRIES); /* RESENDS_TOLD */
		note(CREATED)
	fi
}

inline after_query()
{
	l_rung = (l_rung < RUNGS -> l_rung + 1 : l_rung);
	if
	:: from == SENT -> l_maybe = true
	:: else -> skip
	fi;
	if
	:: v == V_NOT_FOUND || v == V_DOWN -> skip
	:: else -> l_misses = 0
	fi;
	if
	:: v == V_PAID -> settle(PAID)
	:: v == V_FAILED -> settle(FAILED)
	:: v == V_NOT_FOUND -> missing()
	:: v == V_PENDING -> ask_later(ACCEPTED)
	:: v == V_UNKNOWN && from == ACCEPTED -> ask_later(ACCEPTED)
	:: v == V_UNKNOWN && from != ACCEPTED -> ask_later(UNKNOWN)
	fi
}

proctype Gateway(byte id)
{
	byte mine;
	mtype from, v;
	bool l_maybe, l_reason, l_attention, believed_now;
	byte l_misses, l_rung, l_tries;

end:	do
	:: atomic { claim == 0 && !settled -> /* payments_claim */
		turn = 1 - turn;
		mine = id * 2 + turn;
		claim = mine;
		from = state; l_maybe = maybe_taken; l_reason = reason;
		l_attention = false;
		l_misses = misses; l_rung = rung; l_tries = tries };
	   if
	   :: from == CREATED ->
		if
		:: atomic { claim == mine && state == CREATED -> /* payment_sent */
			state = SENT; misses = 0; l_misses = 0; about++ }
		:: atomic { claim != mine || state != CREATED -> forget(); goto end }
		fi;
		if
		:: atomic { about--; v = V_DOWN }                  /* did not leave */
		:: atomic { about--; arrive(v) }
		:: atomic { about--; arrive(v); v = V_UNKNOWN }    /* the answer was lost */
		:: atomic { flying < 2 -> about--; flying++; v = V_UNKNOWN }  /* late */
		:: atomic { about--; v = V_UNKNOWN }               /* lost on the way */
		fi;
		atomic { after_submit() }
	   :: else ->
		atomic {
			if
			:: book == NOTHING -> v = V_NOT_FOUND
			:: book == TAKEN -> v = V_PENDING
			:: book == DID_PAY -> v = V_PAID
			:: book == DID_FAIL -> v = V_FAILED
			:: book == TAKEN -> v = V_NOT_FOUND        /* not indexed yet */
			:: v = V_UNKNOWN
			fi;
			believed_now = (v == V_NOT_FOUND && IN_TIME);
		};
		atomic { after_query() }
	   fi
	od
}

init {
	atomic { run Gateway(1); run Gateway(2) }
}

ltl once   { [] (paid <= 1) }
ltl agrees { [] (!(voided && paid > 0) && !(captured && paid == 0)) }
ltl ends   { <> (settled || attention) }
