#include "payments/core/wallet.h"

#define PLAN_PARTS 1000 /* a day's limit of a thousand payments is none */

static int64_t
least(int64_t a, int64_t limit)
{
	return limit > 0 && limit < a ? limit : a;
}

/* What one day takes: nobody can be paid more a day than the wallet may hold, unless
 * money leaves it meanwhile, which we cannot know. */
static int64_t
a_day(const struct wallet_limits *l)
{
	return least(least(INT64_MAX, l->per_day), l->balance);
}

static int64_t
left(int64_t limit, int64_t used)
{
	return used < limit ? limit - used : 0;
}

/* What a calendar period still takes on a day: `days` of the period that today is in are
 * looked at, `before` of it was used before today. */
static int64_t
of_period(const struct wallet_room *room, uint32_t day, int64_t limit, uint32_t days,
          int64_t before)
{
	bool now = day < days;
	int64_t used = now ? before : 0;

	if (limit <= 0)
		return INT64_MAX;
	for (uint32_t d = now ? 0 : days; d < WALLET_DAYS && (!now || d < days); d++)
		if (__builtin_add_overflow(used, room->used[d], &used))
			return 0;
	return left(limit, used);
}

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
room_of(const struct wallet_room *room, uint32_t day)
{
	const struct wallet_limits *l = &room->limits;
	int64_t free = left(a_day(l), room->used[day]);

	free = smaller(
	    free, of_period(room, day, l->per_month, room->month_days, room->used_month));
	return smaller(
	    free, of_period(room, day, l->per_year, room->year_days, room->used_year));
}

/* The most a day on the long run: never 0. */
static int64_t
pace_of(const struct wallet_limits *l)
{
	int64_t pace = least(least(a_day(l), l->per_month / 30), l->per_year / 365);

	return pace > 0 ? pace : 1;
}

bool
wallet_next(const struct wallet_room *room, int64_t amount, uint32_t from_day,
            struct wallet_part *out)
{
	const struct wallet_limits *l = &room->limits;
	int64_t one = least(least(amount, l->per_payment), l->balance);

	for (uint32_t day = from_day; day < WALLET_DAYS; day++) {
		int64_t free = room_of(room, day);
		int64_t part = smaller(one, free);

		if (part <= 0 || (part < amount && part < l->minimum))
			continue;
		if (part < amount && amount - part < l->minimum &&
		    amount - l->minimum >= l->minimum)
			part = amount - l->minimum; /* leaves a rest that can be paid */
		*out = (struct wallet_part){ part, day };
		return true;
	}
	return false;
}

void
wallet_plan(const struct wallet_room *room, int64_t amount, uint32_t from_day,
            struct wallet_plan *out)
{
	struct wallet_room work = *room;
	struct wallet_part p = { 0, from_day };
	int64_t pace = pace_of(&room->limits);
	int64_t days;

	*out = (struct wallet_plan){ 0 };
	for (uint32_t n = 0; amount > 0 && n < PLAN_PARTS; n++) {
		if (!wallet_next(&work, amount, p.day, &p))
			break;
		amount -= p.amount;
		work.used[p.day] += p.amount;
		out->last = p.day;
		if (p.day > 0) {
			out->later += p.amount;
		} else {
			out->now += p.amount;
			out->parts++;
		}
	}
	if (amount > 0) {
		out->later += amount;
		days = smaller((amount - 1) / pace + 1, 9999);
		out->last = WALLET_DAYS - 1 + (uint32_t)days;
	}
}
