#include "payments/core/big.h"

#include <stddef.h>

#define LIMB_BITS 64
#define BITS      (BIG_LIMBS * LIMB_BITS)

__extension__ typedef unsigned __int128 two_limbs;

struct big
big_of(uint64_t n)
{
	return (struct big){ { n } };
}

bool
big_zero(const struct big *a)
{
	uint64_t any = 0;

	for (int i = 0; i < BIG_LIMBS; i++)
		any |= a->limb[i];
	return any == 0;
}

bool
big_odd(const struct big *a)
{
	return (a->limb[0] & 1) != 0;
}

int
big_compare(const struct big *a, const struct big *b)
{
	for (int i = BIG_LIMBS - 1; i >= 0; i--)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

bool
big_plus(const struct big *a, const struct big *b, struct big *out)
{
	two_limbs carry = 0;

	for (int i = 0; i < BIG_LIMBS; i++) {
		carry += (two_limbs)a->limb[i] + b->limb[i];
		out->limb[i] = (uint64_t)carry;
		carry >>= LIMB_BITS;
	}
	return carry == 0;
}

struct big
big_minus(const struct big *a, const struct big *b)
{
	struct big out;
	uint64_t borrow = 0;

	for (int i = 0; i < BIG_LIMBS; i++) {
		two_limbs apart = (two_limbs)a->limb[i] - b->limb[i] - borrow;

		out.limb[i] = (uint64_t)apart;
		borrow = (uint64_t)(apart >> LIMB_BITS) & 1;
	}
	return out;
}

bool
big_times(const struct big *a, const struct big *b, struct big *out)
{
	struct big sum = { { 0 } };

	for (int i = 0; i < BIG_LIMBS; i++) {
		two_limbs carry = 0;

		for (int j = 0; j < BIG_LIMBS - i; j++) {
			carry += (two_limbs)a->limb[i] * b->limb[j] + sum.limb[i + j];
			sum.limb[i + j] = (uint64_t)carry;
			carry >>= LIMB_BITS;
		}
		if (carry != 0)
			return false;
		for (int j = BIG_LIMBS - i; j < BIG_LIMBS; j++)
			if (a->limb[i] != 0 && b->limb[j] != 0)
				return false;
	}
	*out = sum;
	return true;
}

bool
big_i64(const struct big *a, int64_t *out)
{
	struct big most = big_of(INT64_MAX);

	if (big_compare(a, &most) > 0)
		return false;
	*out = (int64_t)a->limb[0];
	return true;
}

static int
bits(const struct big *a)
{
	int n = BITS;

	while (n > 0 && (a->limb[(n - 1) / LIMB_BITS] >> ((n - 1) % LIMB_BITS) & 1) == 0)
		n--;
	return n;
}

/* What falls off the top is the caller's to rule out. */
static void
double_plus(struct big *a, uint64_t low)
{
	for (int i = 0; i < BIG_LIMBS; i++) {
		uint64_t top = a->limb[i] >> (LIMB_BITS - 1);

		a->limb[i] = a->limb[i] << 1 | low;
		low = top;
	}
}

static void
halve(struct big *a)
{
	for (int i = 0; i < BIG_LIMBS; i++) {
		uint64_t above = i + 1 < BIG_LIMBS ? a->limb[i + 1] : 0;

		a->limb[i] = a->limb[i] >> 1 | above << (LIMB_BITS - 1);
	}
}

/* Bit by bit, from the top: slow and plain, and a price needs few of them. */
struct big
big_over(const struct big *a, const struct big *b, struct big *rest)
{
	struct big quotient = { { 0 } }, left = { { 0 } };

	for (int i = bits(a) - 1; i >= 0; i--) {
		/* left < b before: twice that may pass the top bit once */
		bool passed = left.limb[BIG_LIMBS - 1] >> (LIMB_BITS - 1) != 0;

		double_plus(&left, a->limb[i / LIMB_BITS] >> (i % LIMB_BITS) & 1);
		if (passed || big_compare(&left, b) >= 0) {
			left = big_minus(&left, b);
			quotient.limb[i / LIMB_BITS] |= UINT64_C(1) << (i % LIMB_BITS);
		}
	}
	if (rest != NULL)
		*rest = left;
	return quotient;
}

/* Halving and taking away: no division. */
struct big
big_common(struct big a, struct big b)
{
	int twos = 0;

	if (big_zero(&a) || big_zero(&b))
		return big_zero(&a) ? b : a;
	for (; !big_odd(&a) && !big_odd(&b); twos++) {
		halve(&a);
		halve(&b);
	}
	while (!big_zero(&b)) {
		while (!big_odd(&a))
			halve(&a);
		while (!big_odd(&b))
			halve(&b);
		if (big_compare(&a, &b) > 0) {
			struct big more = a;

			a = b;
			b = more;
		}
		b = big_minus(&b, &a);
	}
	while (twos-- > 0)
		double_plus(&a, 0);
	return a;
}
