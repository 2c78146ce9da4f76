/* Parts of a long text: in any order, twice, late, never; and random texts there and
 * back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/smpp/join.h"
#include "ussd/core/gsm7.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define ROOM   6
#define WAIT   1000
#define ROUNDS 3000

static struct smpp_joining room[ROOM];
static struct smpp_join join;

/* One step of a story: at a time, a part "ref/number/total text" of a number. */
struct step {
	int64_t at;
	const char *from;
	uint16_t reference;
	uint8_t number, total;
	const char *text;
	enum smpp_joined want;
	const char *whole; /* with SMPP_JOIN_WHOLE */
	const char *left;  /* a part of why another text was given up; NULL: none was */
};

static void
tell(const struct step *steps, size_t n)
{
	smpp_join_init(&join, room, ROOM, WAIT);
	for (size_t i = 0; i < n; i++) {
		const struct step *s = &steps[i];
		struct smpp_piece piece = { .alphabet = SMPP_GSM7,
			                    .cut_by = SMPP_BY_UDH8,
			                    .reference = s->reference,
			                    .total = s->total,
			                    .number = s->number,
			                    .bytes = (const uint8_t *)s->text,
			                    .len = strlen(s->text) };
		struct smpp_came came = { s->from, "15777", &piece };
		struct smpp_left left;
		char space[400];
		struct buf text;
		enum smpp_joined got;

		buf_init(&text, space, sizeof space);
		got = smpp_join_add(&join, &came, s->at, &text, &left);
		if (got != s->want)
			fail_msg("step %zu: %d", i, (int)got);
		assert_string_equal(space, s->whole == NULL ? "" : s->whole);
		if ((left.why == NULL) != (s->left == NULL) ||
		    (left.why != NULL && strstr(left.why, s->left) == NULL))
			fail_msg("step %zu: left %s", i, left.why);
	}
}

#define TELL(steps) tell(steps, sizeof(steps) / sizeof *(steps))

static void
stories(void **state)
{
	static const struct step whole[] = {
		{ 0, "A", 1, 1, 2, "BAL", SMPP_JOIN_WAITING, NULL, NULL },
		{ 5, "A", 1, 2, 2, "ANCE", SMPP_JOIN_WHOLE, "BALANCE", NULL },
		/* the SMSC did not hear that we have them */
		{ 9, "A", 1, 2, 2, "ANCE", SMPP_JOIN_REPEATED, NULL, NULL },
		{ 9, "A", 1, 1, 2, "BAL", SMPP_JOIN_REPEATED, NULL, NULL },
	};
	static const struct step out_of_order[] = {
		{ 0, "A", 1, 3, 3, "c", SMPP_JOIN_WAITING, NULL, NULL },
		{ 1, "A", 1, 1, 3, "a", SMPP_JOIN_WAITING, NULL, NULL },
		{ 1, "A", 1, 1, 3, "a", SMPP_JOIN_REPEATED, NULL, NULL },
		{ 2, "A", 1, 2, 3, "b", SMPP_JOIN_WHOLE, "abc", NULL },
	};
	static const struct step not_mixed[] = {
		{ 0, "A", 1, 1, 2, "a1", SMPP_JOIN_WAITING, NULL, NULL },
		{ 0, "B", 1, 1, 2, "b1", SMPP_JOIN_WAITING, NULL, NULL },
		{ 0, "A", 2, 1, 2, "a3", SMPP_JOIN_WAITING, NULL, NULL },
		{ 0, "A", 1, 2, 3, "a4", SMPP_JOIN_WAITING, NULL, NULL },
		{ 0, "B", 1, 2, 2, "b2", SMPP_JOIN_WHOLE, "b1b2", NULL },
		{ 0, "A", 1, 2, 2, "a2", SMPP_JOIN_WHOLE, "a1a2", NULL },
	};
	static const struct step begun_anew[] = {
		{ 0, "A", 1, 1, 2, "old", SMPP_JOIN_WAITING, NULL, NULL },
		{ 1, "A", 1, 1, 2, "new", SMPP_JOIN_WAITING, NULL, "took its reference" },
		{ 2, "A", 1, 2, 2, "er", SMPP_JOIN_WHOLE, "newer", NULL },
		{ 3, "A", 1, 1, 2, "then", SMPP_JOIN_WAITING, NULL, NULL },
		{ 4, "A", 1, 2, 2, "ce", SMPP_JOIN_WHOLE, "thence", NULL },
	};
	static const struct step too_late[] = {
		{ 0, "A", 1, 1, 2, "LOAN", SMPP_JOIN_WAITING, NULL, NULL },
		{ WAIT, "A", 1, 2, 2, " 50", SMPP_JOIN_WAITING, NULL, "in time" },
	};
	static const struct step long_after[] = {
		{ 0, "A", 1, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
		{ 1, "A", 1, 2, 2, "y", SMPP_JOIN_WHOLE, "xy", NULL },
		{ WAIT, "A", 1, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
		{ WAIT, "A", 1, 2, 2, "y", SMPP_JOIN_WHOLE, "xy", NULL },
	};
	static const struct step crowded[] = {
		{ 0, "A", 1, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
		{ 1, "A", 2, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
		{ 2, "A", 3, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
		{ 3, "A", 4, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
		{ 4, "A", 5, 1, 2, "x", SMPP_JOIN_WAITING, NULL,
		  "too many texts at once" },
		{ 5, "B", 1, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
		{ 6, "B", 2, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
		{ 7, "C", 1, 1, 2, "x", SMPP_JOIN_WAITING, NULL, "open at once" },
		{ 8, "A", 3, 2, 2, "y", SMPP_JOIN_WHOLE, "xy", NULL },
		/* what is done with makes way first */
		{ 9, "D", 1, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
	};
	static const struct step odd[] = {
		{ 0, "A", 1, 1, 1, "one", SMPP_JOIN_WHOLE, "one", NULL },
		{ 0, "A", 1, 1, 17, "x", SMPP_JOIN_REFUSED, NULL, NULL },
		{ 0, "A", 1, 1, 2, "", SMPP_JOIN_WAITING, NULL, NULL },
		{ 0, "A", 1, 2, 2, "", SMPP_JOIN_WHOLE, "", NULL },
	};

	(void)state;
	TELL(whole);
	TELL(out_of_order);
	TELL(not_mixed);
	TELL(begun_anew);
	TELL(too_late);
	TELL(long_after);
	TELL(crowded);
	TELL(odd);
}

static void
what_stays_incomplete_is_given_up_by_name(void **state)
{
	static const struct step steps[] = {
		{ 100, "255712000100", 1, 2, 3, "half", SMPP_JOIN_WAITING, NULL, NULL },
		{ 150, "B", 1, 1, 2, "x", SMPP_JOIN_WAITING, NULL, NULL },
		{ 160, "B", 1, 2, 2, "y", SMPP_JOIN_WHOLE, "xy", NULL },
	};
	struct smpp_left left;

	(void)state;
	TELL(steps);
	assert_int_equal(smpp_join_next_ms(&join), 100 + WAIT);
	assert_false(smpp_join_expire(&join, 99 + WAIT, &left));
	assert_true(smpp_join_expire(&join, 100 + WAIT, &left));
	assert_string_equal(left.from, "255712000100");
	assert_string_equal(left.to, "15777");
	assert_int_equal(left.have, 1);
	assert_int_equal(left.total, 3);
	assert_string_equal(left.why, "a part did not come in time");
	assert_false(smpp_join_expire(&join, 150 + WAIT, &left));
	assert_int_equal(smpp_join_next_ms(&join), INT64_MAX);
	/* and nothing of it is left in memory */
	for (size_t i = 0; i < sizeof room; i++)
		assert_int_equal(((const uint8_t *)room)[i], 0);
}

/* A careless sender cuts anywhere: pairs are whole again, other alphabets stay theirs. */
static void
cut_pairs_are_whole_again(void **state)
{
	static const struct {
		enum smpp_alphabet alphabet[2];
		const char *octets[2];
		size_t n[2];
		const char *text;
	} rows[] = {
		{ { SMPP_GSM7, SMPP_GSM7 }, { "a\x1b", "\x65z" }, { 2, 2 }, "a€z" },
		{ { SMPP_UTF16, SMPP_UTF16 }, { "\xd8\x3d", "\xde\0" }, { 2, 2 }, "😀" },
		{ { SMPP_UTF16, SMPP_UTF16 }, { "\0", "a" }, { 1, 1 }, "a" },
		{ { SMPP_GSM7, SMPP_UTF16 }, { "a", "\0b" }, { 1, 2 }, "ab" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char space[40];
		struct buf text;

		smpp_join_init(&join, room, ROOM, WAIT);
		buf_init(&text, space, sizeof space);
		for (uint8_t k = 0; k < 2; k++) {
			struct smpp_piece piece = {
				.alphabet = rows[i].alphabet[k],
				.cut_by = SMPP_BY_UDH16,
				.total = 2,
				.number = (uint8_t)(k + 1),
				.bytes = (const uint8_t *)rows[i].octets[k],
				.len = rows[i].n[k],
			};
			struct smpp_came came = { "A", "B", &piece };
			struct smpp_left left;

			assert_int_equal(smpp_join_add(&join, &came, 0, &text, &left),
			                 k == 0 ? SMPP_JOIN_WAITING : SMPP_JOIN_WHOLE);
		}
		assert_string_equal(space, rows[i].text);
	}
}

/* ---- random texts ---- */

static uint32_t
chance(void)
{
	static uint64_t seed = 42;

	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(seed >> 33);
}

static void
random_text(struct buf *out)
{
	static const char *const letters[] = {
		"a", "Z", "5",  " ", "@", "{", "€", "é",  "ê", "ç", "ã", "õ",  "í", "ñ",
		"ş", "İ", "\n", "ɓ", "’", "…", "¶", "日", "😀", "Ω", "^", "\\", "|", "`",
	};
	unsigned n = chance() % (chance() % 4 == 0 ? 600 : 170);
	unsigned kinds = 1 + chance() % (sizeof letters / sizeof *letters);

	for (unsigned i = 0; i < n; i++)
		buf_puts(out, letters[chance() % 3 ? chance() % 4 : chance() % kinds]);
}

static struct smpp_style
random_style(void)
{
	struct smpp_style s = { .zero = chance() % SMPP_ZEROS,
		                .latin1 = chance() % 2,
		                .ucs2 = chance() % 3,
		                .cut = chance() % SMPP_LONGS,
		                .parts_max = SMPP_PARTS_MAX };

	s.nation.single = chance() % 4;
	s.nation.locking = chance() % 4;
	return s;
}

/* What a receiver makes of the parts, given in a random order. */
static void
receive(const struct smpp_style *style, const struct smpp_parts *parts, struct buf *text)
{
	unsigned order[SMPP_PARTS_MAX];

	for (unsigned i = 0; i < parts->count; i++) {
		unsigned k = chance() % (i + 1);

		order[i] = order[k];
		order[k] = i;
	}
	for (unsigned i = 0; i < parts->count; i++) {
		const struct smpp_part *part = &parts->part[order[i]];
		struct smpp_body in = { .bytes = parts->bytes + part->at,
			                .len = part->len,
			                .data_coding = parts->data_coding,
			                .esm_class = parts->has_header ? 0x40 : 0,
			                .has_sar = parts->has_sar,
			                .sar_reference = parts->reference,
			                .sar_total = (uint8_t)parts->count,
			                .sar_number = (uint8_t)(order[i] + 1) };
		struct smpp_piece piece;
		struct smpp_came came = { "255712000100", "15777", &piece };
		struct smpp_left left;

		assert_true(parts->is_payload || part->len <= SMPP_PART_MAX);
		assert_int_equal(smpp_text_read(style, &in, &piece, NULL), 0);
		assert_int_equal(smpp_join_add(&join, &came, 0, text, &left),
		                 i + 1 == parts->count ? SMPP_JOIN_WHOLE
		                                       : SMPP_JOIN_WAITING);
	}
}

/* Whatever the bind's habits, what was sent is the text, or the text folded; and what was
 * received is sent again as the same octets. */
static void
random_texts_there_and_back(void **state)
{
	static char wanted[4096], folded[4096], back[4096];
	unsigned as_it_was = 0, in_parts = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		static struct smpp_parts parts, again;
		struct smpp_style style = random_style();
		struct buf text, fold, got;

		buf_init(&text, wanted, sizeof wanted);
		random_text(&text);
		buf_init(&fold, folded, sizeof folded);
		gsm7_fold(&fold, text.at, text.len);
		if (smpp_text_write(&style, text.at, text.len, (uint16_t)round, &parts,
		                    NULL) != 0)
			continue;
		smpp_join_init(&join, room, ROOM, WAIT);
		buf_init(&got, back, sizeof back);
		receive(&style, &parts, &got);
		if (parts.lost == 0 && strcmp(back, wanted) == 0)
			as_it_was++;
		else if (style.zero == SMPP_ZERO_GSM7 && strcmp(back, folded) != 0)
			fail_msg("round %u: \"%s\" became \"%s\"", round, wanted, back);
		in_parts += parts.count > 1;
		assert_int_equal(smpp_text_write(&style, got.at, got.len, (uint16_t)round,
		                                 &again, NULL),
		                 0);
		assert_int_equal(again.data_coding, parts.data_coding);
		assert_memory_equal(again.bytes, parts.bytes, sizeof parts.bytes);
	}
	assert_true(as_it_was > ROUNDS / 3);
	assert_true(in_parts > ROUNDS / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories),
		cmocka_unit_test(what_stays_incomplete_is_given_up_by_name),
		cmocka_unit_test(cut_pairs_are_whole_again),
		cmocka_unit_test(random_texts_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
